"""A customer's measures and what was judged of each, as it was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forecast.reports.facts.premises import Premises
from forecast.savings.record import from_record
from forecast.savings.result import SavingsResult
from loadstone.storage.read_only import Connection
from loadstone.storage.saving_measures import MeasureRow, list_measures
from loadstone.storage.saving_verifications import VerificationRow, newest_verifications


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A measure; None of both where nobody verified it yet."""

    measure: MeasureRow
    verification: VerificationRow | None
    result: SavingsResult | None

    @property
    def is_proven(self) -> bool:
        """Whether an auditor would believe the saving."""
        return self.verification is not None and self.verification.verdict == "proven"


def judged_measures(
    connection: Connection, premises: Premises, as_known_at: datetime
) -> list[Judged]:
    """All that were made by then and not rejected: what saved most first, the unverified last."""
    sites = {site.site_id for site in premises.sites}
    measures = [
        one
        for one in list_measures(connection, customer_id=premises.customer.customer_id)
        if one.site_id in sites and one.made_at <= as_known_at and one.status != "rejected"
    ]
    ids = [one.measure_id for one in measures]
    newest = newest_verifications(connection, ids, as_known_at) if ids else {}
    judged = [_judged(one, newest.get(one.measure_id)) for one in measures]
    return sorted(judged, key=lambda one: (-_saved_kwh(one), one.measure.measure_id))


def _judged(measure: MeasureRow, found: VerificationRow | None) -> Judged:
    result = None if found is None else from_record(found.result)
    return Judged(measure=measure, verification=found, result=result)


def _saved_kwh(one: Judged) -> float:
    return float("-inf") if one.verification is None else one.verification.saved_kwh
