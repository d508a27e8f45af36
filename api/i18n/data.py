"""Texts of the pages about customers, meters, gateways, data and the system."""

from __future__ import annotations

from api.i18n import corrections, customer, gateways, meter, system

TEXTS: dict[str, tuple[str, str]] = {
    **meter.TEXTS,
    **corrections.TEXTS,
    **customer.TEXTS,
    **gateways.TEXTS,
    **system.TEXTS,
}
