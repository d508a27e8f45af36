"""One customer: its sites now, its energy over a period, where it goes, and what happened."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.context import Context
from api.errors import not_found
from api.pages.calendar import QUARTER_S, floor_to, local_day
from api.pages.crumbs import customer_href
from api.pages.customer_charts import CustomerCharts, curve_step_s, load_curve
from api.pages.customer_ranking import balance_lines, ranked_meters, ranked_sites
from api.pages.customer_sites import site_tiles, so_far_windows
from api.pages.frame import Frame, PageFrame
from api.pages.happenings import happening_rows
from api.pages.meter_facts import Fact
from api.pages.opportunities import line_of
from api.pages.period import PeriodKind, PeriodQuery
from api.pages.period_picker import period_picker, period_text
from api.pages.quality_heat import heat_of_sites
from api.pages.savings_fact import verified_fact
from loadstone.storage.opportunities import OPEN, OpportunityFilter, biggest_opportunities
from loadstone.storage.portfolio import CustomerRow, find_customer
from loadstone.storage.read_only import Connection
from loadstone.storage.saving_verifications import verified_savings
from loadstone.storage.screens.balances import balances
from loadstone.storage.screens.gateways import gateways
from loadstone.storage.screens.overview import Window, latest_loads, window_energies
from loadstone.storage.screens.places import places
from loadstone.storage.screens.quality_map import quality_cells, quality_meters
from loadstone.storage.screens.site import load_points
from loadstone.storage.screens.timeline import Concerned, happenings
from loadstone.storage.series import energy_of

router = APIRouter(include_in_schema=False)
_KINDS: tuple[PeriodKind, ...] = ("7d", "month", "year", "custom")
_BY_DAY_UP_TO = 62
_MOST_EVENTS, _MOST_METERS, _MOST_OPPORTUNITIES = 40, 12, 5


def visible_customer(connection: Connection, frame: Frame, customer_id: int) -> CustomerRow:
    """The customer, or 404 where it is not the viewer's."""
    found = None
    if 0 < customer_id < 2**31:
        found = find_customer(connection, frame.reader.customer_id, str(customer_id))
    # A code that looks like a number is not what the address means.
    if found is None or found.customer_id != customer_id:
        raise not_found("customer", customer_id)
    return found


@router.get("/customers/{customer_id}")
def customer(customer_id: int, frame: PageFrame, context: Context, wanted: PeriodQuery) -> Response:
    """The customer's page for a period, by default the running month."""
    now, concerned = context.now(), Concerned(customer_id=customer_id)
    with context.reading(frame.reader) as connection:
        row = visible_customer(connection, frame, customer_id)
        sites = [p for p in places(connection, frame.reader.customer_id)
                 if p.customer_id == customer_id]  # fmt: skip
        zone = sites[0].zone if sites else "UTC"
        period = wanted.of(local_day(now, zone), otherwise="month")
        start, end = period.bounds(zone)
        until = max(min(end, floor_to(now, QUARTER_S)), start)
        mains = [meter for site in sites for meter in site.main_ids]
        by_month = period.days > _BY_DAY_UP_TO
        step, step_s = "1 month" if by_month else "1 day", curve_step_s(period)
        reference = period.reference()
        spans = energy_of(connection, mains, start, end, step, zone, "imp")
        other = []
        if reference:
            other = energy_of(connection, mains, *reference.bounds(zone), step, zone, "imp")
        meters = quality_meters(connection, frame.reader.customer_id, concerned)
        ids = [meter.meter_id for meter in meters]
        points, cells, left = [], [], []
        if start < until and ids:
            points = load_points(connection, mains, start, until, step_s, zone)
            cells = quality_cells(connection, ids, start, end, step, zone, now)
            left = balances(connection, mains, start, until, zone)
        window = Window(name="period", zone=zone, meters=ids, start=start, end=until)
        energies = window_energies(connection, [window, *so_far_windows(sites, now)])
        latest = {load.meter_id: load for load in latest_loads(connection, mains)}
        speakers = gateways(connection, customer_id=customer_id)
        happened = happenings(connection, concerned, start, min(end, now), _MOST_EVENTS)
        verified = verified_savings(connection, now, [customer_id])
        wanted_money = OpportunityFilter(customer_id=customer_id, statuses=OPEN, gone=False)
        worth = biggest_opportunities(connection, wanted_money, most=_MOST_OPPORTUNITIES)
    curve = load_curve(points, mains)
    charts = CustomerCharts(
        frame=frame, zone=zone, code=row.code, period=period, reference=reference,
        meters=len(mains), contract_kw=row.contract_demand_kw, step_s=step_s,
    )  # fmt: skip
    return frame.page(
        "customer.html", section="sites", customer=row, name=frame.t.name(row),
        facts=[*_facts(frame, row), verified_fact(frame, customer_id, verified)],
        kind=frame.t.known(f"kind.{row.kind}", row.kind),
        tiles=site_tiles(frame, sites, latest, energies, meters, cells, speakers, now),
        picker=period_picker(frame, period, customer_href(customer_id), kinds=_KINDS),
        charts_of=[charts.energy(spans, other, by_month=by_month), charts.profile(curve),
                   charts.duration(curve)],
        sites_ranked=ranked_sites(frame, sites, energies, "period") if len(sites) > 1 else [],
        meters_ranked=ranked_meters(frame, meters, energies, "period", mains, _MOST_METERS),
        balances=balance_lines(frame, left),
        heat=heat_of_sites(frame, meters, cells, zone, step, now, period.query()),
        happened=happening_rows(frame, happened, now, zone), zone=zone,
        worth=[line_of(frame, one, now) for one in worth],
        period_name=period_text(frame, period),
    )  # fmt: skip


def _facts(frame: Frame, row: CustomerRow) -> list[Fact]:
    t, f = frame.t, frame.f
    none = f.number(None)
    contract = f"{f.power(row.contract_demand_kw)} kW" if row.contract_demand_kw else none
    transformer = f"{f.number(row.transformer_kva)} kVA" if row.transformer_kva else none
    return [
        Fact(name=t("customer.tier"), value=t(f"tier.{row.tier}")),
        Fact(name=t("customer.kind"), value=t.known(f"kind.{row.kind}", row.kind)),
        Fact(name=t("customer.manager"), value=row.manager or none),
        Fact(name=t("customer.region"), value=row.region or none),
        Fact(name=t("customer.contract"), value=contract),
        Fact(name=t("customer.transformer"), value=transformer),
        Fact(name=t("customer.sites"), value=f.number(row.site_count)),
        Fact(name=t("customer.meters"), value=f.number(row.meter_count)),
    ]
