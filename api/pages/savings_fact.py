"""What is proven of a customer's measures, as one line among its facts."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.frame import Frame
from api.pages.meter_facts import Fact
from api.pages.savings_view import money_text
from loadstone.storage.saving_verifications import VerifiedSavings


def verified_fact(frame: Frame, customer_id: int, sums: Sequence[VerifiedSavings]) -> Fact:
    """Money by currency, energy where there is no price; a link to all measures."""
    t, f = frame.t, frame.f
    texts, count = [], sum(one.measures for one in sums)
    for one in sums:
        energy = " ".join(f.energy(one.saved_kwh))
        texts.append(energy if one.saved_money is None
                     else money_text(frame, one.saved_money, one.currency))  # fmt: skip
    return Fact(
        name=t("savings.customer_fact"), value=" + ".join(texts) or t("savings.total_none"),
        href=f"/savings?customer={customer_id}",
        note=t("savings.total_note", n=count) if count else "",
    )  # fmt: skip
