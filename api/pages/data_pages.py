"""The pages about customers, meters, gateways, the data and the system, in one router."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    customer,
    gateway_setup,
    gateways,
    meter,
    meter_correct,
    meter_readings,
    quality,
    quarantine,
    quarantine_decide,
    system,
)

router = APIRouter()
for _part in (
    customer, meter, meter_readings, meter_correct, quality, quarantine, quarantine_decide,
    gateways, gateway_setup, system,
):  # fmt: skip
    router.include_router(_part.router)
