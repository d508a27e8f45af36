from __future__ import annotations

from api.i18n import Texts
from api.pages.energy_scope import CutBy, Scope, cut
from loadstone.storage.screens.statistics import ScopeMeter


def meter(
    meter_id: int, *, parent: int | None = None, equipment: int | None = None,
    category: str | None = None, site: int = 1,
) -> ScopeMeter:  # fmt: skip
    return ScopeMeter(
        meter_id=meter_id, code=f"M{meter_id}", name_en="", name_zh="",
        role="sub" if parent else "main", parent_meter_id=parent, site_id=site,
        site_en=f"Site {site}", site_zh="站", zone="UTC", customer_id=1, customer_en="C",
        customer_zh="客", equipment_id=equipment, equipment_en=f"E{equipment}", equipment_zh="设",
        category=category, retired_at=None,
    )  # fmt: skip


# A main meter of 100, a chiller of 40 that holds a pump of 15, and lamps of 10 without equipment.
METERS = [
    meter(1), meter(2, parent=1, equipment=1, category="chiller"),
    meter(3, parent=2, equipment=2, category="pump"), meter(4, parent=1),
]  # fmt: skip
READ_KWH = {1: 100.0, 2: 40.0, 3: 15.0, 4: 10.0}


def energies(by: CutBy, meters: list[ScopeMeter] = METERS) -> dict[str, float]:
    scope = Scope(site_id=None, customer_id=None, meters=meters)
    parts, terms = cut(Texts("en"), scope, by)
    sums = dict.fromkeys((part.label for part in parts), 0.0)
    for term in terms:
        sums[parts[term.part].label] += term.factor * READ_KWH[term.meter_id]
    return sums


def test_what_a_sub_meter_counts_is_not_counted_above_it_too() -> None:
    assert energies("category") == {
        "Not sub-metered": 50, "Chiller": 25, "Pump": 15, "Without equipment": 10,
    }  # fmt: skip


def test_parts_add_up_to_the_main_meters_however_it_is_cut() -> None:
    for by in ("category", "equipment", "site", "customer"):
        assert sum(energies(by).values()) == 100  # type: ignore[arg-type]


def test_a_sub_meter_whose_parent_nobody_named_hangs_below_its_sites_main_meter() -> None:
    stray = meter(4, parent=99)
    assert energies("category", [meter(1), stray]) == {
        "Not sub-metered": 90, "Without equipment": 10,
    }  # fmt: skip


def test_a_part_below_equipment_without_its_own_belongs_to_that_equipment() -> None:
    below = [METERS[0], METERS[1], meter(3, parent=2)]
    assert energies("equipment", below) == {"Not sub-metered": 60, "E1": 40}
