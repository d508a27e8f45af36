"""A chart as pages describe it: `charts.html` writes it out, `chart.js` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from api.pages.frame import Frame

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """`n` intervals of `step_s` from `t0_s` (epoch s); marks and tips are in the site's zone."""

    t0_s: int
    step_s: int
    n: int

    def spec(self) -> dict[str, Any]:
        """As the script reads it."""
        return {"kind": "time", "t0_s": self.t0_s, "step_s": self.step_s, "n": self.n}


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAxis:
    """Named buckets side by side: days, months, shifts, sites; `names` are their long forms."""

    labels: Sequence[str]
    names: Sequence[str]

    def spec(self) -> dict[str, Any]:
        """As the script reads it."""
        return {"kind": "buckets", "labels": list(self.labels), "names": list(self.names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAxis:
    """Any rising numbers, such as the hours of a load duration curve."""

    values: Sequence[float]
    unit: str
    digits: int = 0

    def spec(self) -> dict[str, Any]:
        """As the script reads it."""
        return {
            "kind": "number", "values": list(self.values), "unit": self.unit,
            "digits": self.digits,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve or one kind of bar; `colour` and `fill` are names of tokens.css.

    `values` has None where nothing is known. `estimated` is the part of each value that is an
    estimate (bars hatch it); `rings` are positions that are partly estimated (curves mark them);
    `missing` are positions that should have a value and have none; `low` makes it a band.
    """

    label: str
    colour: str
    values: Values
    style: Literal["line", "bar"] = "line"
    unit: str | None = None
    digits: int | None = None
    width: float = 1.6
    dash: Sequence[int] | None = None
    fill: str | None = None
    low: Values | None = None
    estimated: Values | None = None
    rings: Sequence[int] = ()
    missing: Sequence[int] = ()
    pale: Sequence[int] = ()
    notes: Sequence[str] | None = None
    optional: bool = False

    def spec(self) -> dict[str, Any]:
        """As the script reads it, without what has nothing to say."""
        all_of_it: dict[str, Any] = {
            "label": self.label, "colour": self.colour, "values": list(self.values),
            "style": self.style, "unit": self.unit, "digits": self.digits, "width": self.width,
            "dash": self.dash, "fill": self.fill, "low": self.low, "estimated": self.estimated,
            "rings": self.rings, "missing": self.missing, "pale": self.pale, "notes": self.notes,
            "optional": self.optional,
        }  # fmt: skip
        return {k: v for k, v in all_of_it.items() if k == "values" or v not in (None, (), [])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A line across: a limit in full, a warning dashed."""

    value: float
    colour: str
    text: str = ""
    dash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoleSpan:
    """A stretch without data, hatched, and why."""

    from_s: int
    to_s: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendItem:
    """A mark (a class of app.css) and what it means."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One figure: `title` is the question that it answers; its first series is what it is about.

    `description` says to those who cannot see it what it shows. `csv_href` is the server's CSV;
    without it the script writes what is drawn. `src` is where long curves are fetched from after
    the page. `unit` stands beside the title, `data_unit` behind each value. Why data are missing
    is written below where `tells_reasons`. An empty chart says so instead, unless it is `always`
    drawn since live values will come. The table ends now, unless what is `ahead` is in it too.
    """

    key: str
    title: str
    unit: str
    description: str
    axis: TimeAxis | BucketAxis | NumberAxis
    series: Sequence[Series]
    zone: str
    digits: int = 1
    tall: bool = False
    stacked: bool = False
    from_zero: bool = True
    least: float | None = None
    most: float | None = None
    levels: Sequence[Level] = ()
    holes: Sequence[HoleSpan] = ()
    now_s: int | None = None
    now_text: str = ""
    sync: str | None = None
    csv_href: str | None = None
    src: str | None = None
    legend: Sequence[LegendItem] = ()
    note: str = ""
    file: str = "chart"
    data_unit: str = ""
    tells_reasons: bool = True
    always: bool = False
    ahead: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: the page then says so instead."""
        return (
            not self.always
            and self.src is None
            and not any(value is not None for one in self.series for value in one.values)
        )

    def spec(self, frame: Frame) -> dict[str, Any]:
        """What the script reads."""
        t = frame.t
        words = {
            "position": t("chart.time"), "partly": t("chart.partly"), "again": t("state.again"),
            "estimated_part": t("chart.estimated_part"), "empty": t("state.chart_empty"),
            "failed": t("state.chart_failed"),
        }  # fmt: skip
        return {
            "language": frame.lang_tag, "zone": self.zone, "unit": self.data_unit,
            "digits": self.digits, "file": self.file, "x": self.axis.spec(),
            "series": [one.spec() for one in self.series], "stacked": self.stacked,
            "y": {"from_zero": self.from_zero, "least": self.least, "most": self.most},
            "limits": [
                {"value": one.value, "colour": one.colour, "text": one.text, "dash": one.dash}
                for one in self.levels
            ],
            "holes": [
                {"from_s": one.from_s, "to_s": one.to_s, "text": one.text} for one in self.holes
            ],
            "now_s": self.now_s, "now_text": self.now_text, "sync": self.sync, "src": self.src,
            "ahead": self.ahead,
            "texts": {**words, **self.texts},
        }  # fmt: skip
