"""The pages about customers, meters, gateways, the data and the system, in one router."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    customer,
    meter,
    meter_correct,
    meter_readings,
    quality,
    quarantine,
    quarantine_decide,
)

router = APIRouter()
for _part in (
    customer, meter, meter_readings, meter_correct, quality, quarantine, quarantine_decide,
):  # fmt: skip
    router.include_router(_part.router)
