"""Charts: every value in its place, gaps kept, and told apart without colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Tree

import msgspec
import pytest

from forecast.reports.document import Buckets, Chart, Series, Times
from forecast.reports.drawing.chart import HEIGHT, WIDTH, draw
from forecast.reports.drawing.styles import LOOKS, fill_of
from forecast.reports.drawing.ticks import round_ticks, time_marks
from forecast.reports.text import Text, same
from tests.support.report_documents import AWKWARD, full_document

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = [b for s in full_document().sections for b in s.blocks if isinstance(b, Chart)]


def with_long_names(chart):
    series = tuple(
        msgspec.structs.replace(one, name=Text("up to the highest quarter hour", "小时内最大需量"))
        for one in chart.series
    )
    return msgspec.structs.replace(chart, name=f"{chart.name}-long", series=series)


CHARTS += [with_long_names(chart) for chart in CHARTS]


def bars_of(values, name="x"):
    return Chart(
        name="x", title=same("x"), unit="kWh",
        axis=Buckets(names=tuple(same(str(at)) for at in range(len(values)))),
        series=(Series(name=same(name), style="plain", values=values),), says=same("x"),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_a_chart_is_xml_within_its_frame(chart, language):
    tree = Tree.fromstring(draw(chart, language, "Asia/Shanghai"))
    for text in tree.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= WIDTH
        assert 0 <= float(text.get("y")) <= HEIGHT


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_no_legend_runs_out_of_the_drawing(chart, language):
    tree = Tree.fromstring(draw(chart, language, "Asia/Shanghai"))
    legend = [t for t in tree.iter(f"{SVG}text") if t.get("y") in {"14.5", "29.5", "44.5"}]
    assert legend
    for text in legend:
        wide = sum(10.5 if ord(one) > 0x2E80 else 5.6 for one in text.text or "")
        assert float(text.get("x")) + wide <= WIDTH


def test_a_gap_in_a_curve_is_not_drawn_over():
    chart = Chart(
        name="x", title=same("x"), unit="kW", axis=Times(start_s=0, step_s=3600, count=6),
        series=(Series(name=same("x"), style="measured", values=(1.0, 2.0, None, None, 2.0, 1.0)),),
        says=same("x"),
    )  # fmt: skip
    line = re.search(r'd="(M[^"]*)" stroke="#1f6feb" stroke-width="1.5"', draw(chart, "en", "UTC"))
    assert line is not None
    assert line[1].count("M") == 2


def test_bars_are_as_high_as_their_values_and_an_unknown_one_is_a_question_mark():
    tree = Tree.fromstring(draw(bars_of((10.0, 5.0, None)), "en", "UTC"))
    heights = [float(r.get("height")) for r in tree.iter(f"{SVG}rect") if r.get("x") != "60"]
    assert heights[0] == pytest.approx(2 * heights[1], rel=1e-3)
    assert len(heights) == 2
    assert "?" in [t.text for t in tree.iter(f"{SVG}text")]


def test_what_is_written_into_a_chart_is_never_markup():
    drawn = draw(bars_of((1.0,), name=AWKWARD + "</text><script>"), "en", "UTC")
    assert "<script" not in drawn
    assert AWKWARD in "".join(Tree.fromstring(drawn).itertext())


def test_stacked_periods_and_kinds_of_lines_differ_without_their_colour():
    periods = ("sharp", "peak", "flat", "valley", "deep_valley")
    hatches = {LOOKS[style].hatch for style in ("peak", "valley", "deep_valley")}
    assert len(hatches) == 3
    assert {fill_of(style) for style in periods} == {fill_of(s) for s in periods}
    dashes = {LOOKS[style].dash for style in ("measured", "forecast", "previous", "warning")}
    assert len(dashes) == 4


def test_ticks_are_round_and_enclose_the_values():
    assert round_ticks(0, 1057) == [0, 500, 1000, 1500]
    assert round_ticks(-3, 17)[0] <= -3
    assert round_ticks(0, 0)[0] == 0


def test_hours_are_marked_from_midnight_on_wherever_the_axis_begins():
    marks = time_marks(Times(start_s=1774681200, step_s=3600, count=60), "Europe/Berlin")
    assert [text for _, text in marks][:4] == ["12:00", "18:00", "03-29", "06:00"]


def test_days_are_marked_at_local_midnight_across_a_clock_change():
    marks = time_marks(Times(start_s=1774652400, step_s=900, count=4 * 71), "Europe/Berlin")
    assert [text for _, text in marks if ":" not in text] == ["03-28", "03-29", "03-30", "03-31"]
