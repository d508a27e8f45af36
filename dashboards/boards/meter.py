"""Everything of one meter: power, voltages, currents, register, energy."""

from __future__ import annotations

from dashboards import choices
from dashboards.board import Board, Link, Panels
from dashboards.events import QUALITY_WORDS
from dashboards.house.bars import bars
from dashboards.house.curve import Line, curve
from dashboards.house.frame import Frame, steps
from dashboards.house.number import number
from dashboards.house.strip import strip
from dashboards.palette import COMPARED, GOOD, LIMIT, LOAD, PHASES, QUALITIES, WARNING
from dashboards.query import series
from dashboards.sdk import barchart, stat, statetimeline, timeseries
from dashboards.words import Say

_CURVE = "read.meter_curve(ARRAY[${meter:raw}], $__timeFrom(), $__timeTo()) c ORDER BY 1"


def _latest(
    say: Say, title: tuple[str, str], column: str, unit: str, decimals: int = 1
) -> stat.Panel:
    frame = Frame(
        title=say(*title), columns=4, lines=4,
        tells=say("The meter's newest value.", "该电表的最新值。"),
    )  # fmt: skip
    sql = f"SELECT l.{column} FROM read.latest l WHERE l.meter_id = ${{meter:raw}}"
    return number(frame, sql, unit, decimals=decimals)


def _age(say: Say) -> stat.Panel:
    frame = Frame(
        title=say("Age", "时延"),
        columns=4,
        lines=4,
        tells=say("Time since the meter's newest reading.", "距最新读数的时间。"),
    )
    sql = (
        "SELECT greatest(0, extract(epoch FROM now() - l.ts))::float8 AS age_s "
        "FROM read.latest l WHERE l.meter_id = ${meter:raw}"
    )
    at = steps((None, GOOD), (900, WARNING), (3600, LIMIT))
    return number(frame, sql, "s", decimals=0, at=at)


def _power(say: Say) -> timeseries.Panel:
    mean, high, low = say("Mean", "平均"), say("Highest", "最高"), say("Lowest", "最低")
    frame = Frame(
        title=say("How does the power run?", "功率如何变化？"), columns=24, lines=9,
        tells=say("Mean, highest and lowest sample: readings up to two days, then summaries.",
                  "平均、最高与最低采样值：两天内用读数，更长用汇总。"),
    )  # fmt: skip
    sql = (
        f'SELECT c.start_at AS time, c.power_kw AS "{mean}", c.power_max_kw AS "{high}", '
        f'c.power_min_kw AS "{low}" FROM {_CURVE}'
    )
    lines = (
        Line(name=mean, colour=LOAD),
        Line(name=high, colour=COMPARED, width=0, down_to=low, fill_pct=14),
        Line(name=low, colour=COMPARED, width=0, quiet=True),
    )
    return curve(frame, series(sql), "kwatt", lines, figures=("max", "mean"))


def _voltages(say: Say) -> timeseries.Panel:
    frame = Frame(
        title=say("Are the voltages steady?", "电压稳定吗？"),
        tells=say("Phase voltages; line voltages where the meter has no neutral.",
                  "相电压；三相三线表为线电压。"),
    )  # fmt: skip
    sql = (
        'SELECT c.start_at AS time, c.voltage_a_v AS "A", c.voltage_b_v AS "B", '
        f'c.voltage_c_v AS "C" FROM {_CURVE}'
    )
    lines = [Line(name=name, colour=colour) for name, colour in zip("ABC", PHASES, strict=True)]
    return curve(frame, series(sql), "volt", lines, from_zero=False)


def _currents(say: Say) -> timeseries.Panel:
    frame = Frame(
        title=say("Are the currents balanced?", "电流平衡吗？"),
        tells=say("Phase currents on the primary side.", "一次侧相电流。"),
    )
    sql = (
        'SELECT c.start_at AS time, c.current_a_a AS "A", c.current_b_a AS "B", '
        f'c.current_c_a AS "C" FROM {_CURVE}'
    )
    lines = [Line(name=name, colour=colour) for name, colour in zip("ABC", PHASES, strict=True)]
    return curve(frame, series(sql), "amp", lines)


def _energy(say: Say) -> barchart.Panel:
    energy = say("Energy", "电量")
    frame = Frame(
        title=say("How much every day?", "每天用多少？"),
        tells=say("Energy of the 31 local days before the end of the range, in kWh.",
                  "截至所选时段末 31 个本地日的电量（kWh）。"),
    )  # fmt: skip
    sql = (
        "SELECT to_char(e.start_at AT TIME ZONE ${zone:sqlstring}, 'MM-DD') AS day, "
        f'e.energy_kwh AS "{energy}" FROM read.energy(ARRAY[${{meter:raw}}], '
        "read.bucket_start($__timeTo()::timestamptz - interval '30 days', '1 day', "
        "${zone:sqlstring}), read.bucket_end(least($__timeTo()::timestamptz, now()), '1 day', "
        "${zone:sqlstring}), interval '1 day', ${zone:sqlstring}) e ORDER BY e.start_at"
    )
    return bars(frame, sql, "kwatth", "day", (Line(name=energy, colour=LOAD),))


def _reactive(say: Say) -> timeseries.Panel:
    reactive, factor = say("Reactive power", "无功功率"), say("Power factor", "功率因数")
    frame = Frame(
        title=say("How much reactive power?", "无功有多少？"),
        tells=say("Reactive power, and P/S of the means.", "无功功率，及按均值计算的 P/S。"),
    )
    sql = (
        f'SELECT c.start_at AS time, c.reactive_kvar AS "{reactive}", abs(c.power_kw) / '
        "nullif(sqrt(c.power_kw ^ 2 + c.reactive_kvar ^ 2), 0) "
        f'AS "{factor}" FROM {_CURVE}'
    )
    lines = (
        Line(name=reactive, colour=WARNING),
        Line(name=factor, colour=GOOD, width=1, unit="none"),
    )
    return curve(frame, series(sql), "kvoltampreact", lines, from_zero=False)


def _quality(say: Say) -> statetimeline.Panel:
    label = say("Data", "数据")
    frame = Frame(
        title=say("How sure are the data?", "数据可靠吗？"), columns=24, lines=3,
        tells=say("Quality of each hour's energy, of 31 days at most.",
                  "逐小时电量的数据质量，最多 31 天。"),
    )  # fmt: skip
    sql = (
        f'SELECT e.start_at AS time, e.quality AS "{label}" FROM read.energy('
        "ARRAY[${meter:raw}], read.bucket_start(greatest($__timeFrom()::timestamptz, "
        "$__timeTo()::timestamptz - interval '31 days'), '1 hour', ${zone:sqlstring}), "
        "read.bucket_end(least($__timeTo()::timestamptz, now()), '1 hour', ${zone:sqlstring}), "
        "interval '1 hour', ${zone:sqlstring}) e ORDER BY 1"
    )
    return strip(frame, sql, {k: say(*v) for k, v in QUALITY_WORDS.items()}, QUALITIES)


def _panels(say: Say) -> Panels:
    return (
        _latest(say, ("Power", "功率"), "active_power_kw", "kwatt"),
        _latest(say, ("Register", "表码"), "import_total_kwh", "kwatth", 3),
        _latest(say, ("Power factor", "功率因数"), "power_factor_ratio", "none", 3),
        _latest(say, ("Reactive power", "无功功率"), "reactive_power_kvar", "kvoltampreact"),
        _latest(say, ("Frequency", "频率"), "frequency_hz", "hertz", 2),
        _age(say),
        _power(say),
        _quality(say),
        _voltages(say),
        _currents(say),
        _energy(say),
        _reactive(say),
    )


BOARD = Board(
    name="meter",
    en="Meter",
    zh="电表",
    tells_en="Power, voltages, currents, energy and register of one meter.",
    tells_zh="单块电表的功率、电压、电流、电量与表码。",
    panels=_panels,
    choices=(choices.customer, choices.site, choices.meter, choices.zone),
    links=(Link(board="site-live", en="Site", zh="场所", carries=("customer", "site")),),
)
