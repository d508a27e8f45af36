"""Energy of sites: today, by day, by month, by what it is used for."""

from __future__ import annotations

from dashboards.board import uid_of
from dashboards.house.bars import bars, gauges
from dashboards.house.curve import Line, stacked
from dashboards.house.frame import Frame, steps
from dashboards.house.number import number
from dashboards.palette import COMPARED, LOAD
from dashboards.query import series
from dashboards.sdk import barchart, bargauge, stat, timeseries
from dashboards.words import Say


def energy_of(say: Say, of_sites: str, what: str, *, columns: int = 4) -> stat.Panel:
    """Energy since local midnight, or since the month began: `what` is day or month."""
    names = {"day": ("Energy today", "今日电量"), "month": ("Energy this month", "本月电量")}
    frame = Frame(
        title=say(*names[what]), columns=columns, lines=4,
        tells=say("What the registers counted since then, in kWh; gaps are in it.",
                  "自起点以来表码累计的电量（kWh），含缺口。"),
    )  # fmt: skip
    sql = (
        f"SELECT sum(e.energy_kwh) AS energy_kwh FROM read.site_energy({of_sites}, now(), now(), "
        f"interval '1 {what}') e"
    )
    return number(frame, sql, "kwatth")


def by_day(say: Say, of_sites: str, *, columns: int = 12, days: int = 30) -> barchart.Panel:
    """Daily energy of the days before the range's end, beside the same day a week before."""
    energy, before = say("Energy", "电量"), say("A week before", "上周同日")
    frame = Frame(
        title=say("How much every day?", "每天用多少？"), columns=columns,
        tells=say(f"Energy of the {days} local days before the end of the range, in kWh, beside "
                  "the same day of the week before.",
                  f"截至所选时段末 {days} 个本地日的电量（kWh），与上周同日对比。"),
    )  # fmt: skip
    sql = (
        "WITH day AS (SELECT e.start_at, sum(e.energy_kwh) AS energy_kwh, "
        "any_value(s.zone) AS zone "
        f"FROM read.site_energy({of_sites}, $__timeTo()::timestamptz - interval '{days + 6} days', "
        "$__timeTo()::timestamptz - interval '1 second', interval '1 day') e "
        "JOIN visible.site s USING (site_id) GROUP BY 1) "
        "SELECT to_char(d.start_at AT TIME ZONE d.zone, 'MM-DD') AS day, d.energy_kwh "
        f'AS "{energy}", w.energy_kwh AS "{before}" FROM day d LEFT JOIN day w '
        "ON w.start_at = date_add(d.start_at, '-7 days', d.zone) "
        f"WHERE d.start_at > $__timeTo()::timestamptz - interval '{days} days' ORDER BY d.start_at"
    )
    lines = (Line(name=energy, colour=LOAD), Line(name=before, colour=COMPARED))
    return bars(frame, sql, "kwatth", "day", lines)


def by_site(say: Say, of_sites: str, *, columns: int = 24, lines: int = 9) -> timeseries.Panel:
    """Energy by site on each other: by hour, by day, or by month on long ranges."""
    frame = Frame(
        title=say("Which site needs how much?", "各场所用多少？"), columns=columns, lines=lines,
        tells=say("Energy by site, in kWh: by hour up to 8 days, by day up to three years, then "
                  "by month.", "各场所电量（kWh）：8 天内按小时，3 年内按日，更长按月。"),
    )  # fmt: skip
    step = (
        "CASE WHEN $__timeTo()::timestamptz - $__timeFrom()::timestamptz <= interval '8 days' "
        "THEN interval '1 hour' WHEN $__timeTo()::timestamptz - $__timeFrom()::timestamptz "
        "<= interval '1100 days' THEN interval '1 day' ELSE interval '1 month' END"
    )
    sql = (
        f"SELECT e.start_at AS time, {say.name('s')} AS metric, e.energy_kwh AS value "
        f"FROM read.site_energy({of_sites}, $__timeFrom(), "
        f"least($__timeTo()::timestamptz, now()), {step}) e "
        "JOIN visible.site s USING (site_id) ORDER BY 1, 2"
    )
    return stacked(frame, series(sql), "kwatth")


def by_month(say: Say, of_sites: str, *, columns: int = 12) -> barchart.Panel:
    """The last 13 months."""
    energy = say("Energy", "电量")
    frame = Frame(
        title=say("How do the months compare?", "各月对比"), columns=columns,
        tells=say("Energy of the last 13 local months, in kWh; the last is not over.",
                  "近 13 个本地月的电量（kWh），最后一个月尚未结束。"),
    )  # fmt: skip
    sql = (
        "SELECT to_char(e.start_at AT TIME ZONE s.zone, 'YYYY-MM') AS month, "
        f'sum(e.energy_kwh) AS "{energy}" FROM read.site_energy({of_sites}, '
        "now() - interval '12 months', now(), interval '1 month') e "
        "JOIN visible.site s USING (site_id) GROUP BY 1 ORDER BY 1"
    )
    return bars(frame, sql, "kwatth", "month", (Line(name=energy, colour=LOAD),))


def by_use(say: Say, of_sites: str, *, columns: int = 12) -> bargauge.Panel:
    """What sub-meters counted this month, by the kind of equipment."""
    frame = Frame(
        title=say("What is it used for?", "用在哪里？"), columns=columns,
        tells=say("Energy of sub-meters since the month began, by kind of equipment, in kWh.",
                  "本月各分表电量，按设备类别（kWh）。"),
    )  # fmt: skip
    sql = (
        "SELECT coalesce(q.category, '—') AS name, sum(e.energy_kwh) AS energy_kwh "
        "FROM visible.site s CROSS JOIN LATERAL read.energy(ARRAY(SELECT m.meter_id "
        "FROM visible.meter m WHERE m.site_id = s.site_id AND m.role = 'sub' "
        "AND m.retired_at IS NULL), date_trunc('month', now(), s.zone), "
        "read.bucket_end(now(), '1 day', s.zone), interval '1 month', s.zone) e "
        "JOIN visible.meter m USING (meter_id) LEFT JOIN visible.equipment q USING (equipment_id) "
        f"WHERE s.site_id = ANY ({of_sites}) GROUP BY 1 ORDER BY 2 DESC NULLS LAST"
    )
    return gauges(frame, sql, "kwatth", steps((None, LOAD)), each_row=True)


def site_link(say: Say) -> str:
    """The address of a row's site: the row has `site_id` and `customer_id`."""
    board = uid_of("site-live", say.language)
    return (
        f"/d/{board}?var-customer=${{__data.fields.customer_id}}"
        "&var-site=${__data.fields.site_id}&${__url_time_range}"
    )
