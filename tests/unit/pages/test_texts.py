from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from api.i18n import TEXTS, Texts, choose_language

API = Path(__file__).parents[3] / "api"
TEMPLATES = sorted((API / "templates").glob("*.html"))
SAME_IN_BOTH = re.compile(
    r"[\W\d_]*|\{\w+\}|CSV|PNG|A|V|Hz|P/S|90 %|\{day\} \{hour\}.*|\{power\} kW|\{who\}: \{note\}"
)
# Keys whose last part comes from data or from a loop in a template.
MADE_OF_PARTS = (
    "nav.", "phase.", "role.", "error.", "tier.", "kind.", "category.", "refusal.",
    "refusal_short.",
    "priority.", "column.", "gap.", "period.", "find.", "energy.by_", "energy.step_",
    "energy.up", "energy.down",
    "weekday.", "site.voltage", "site.current",
    "site.factor",
    "reports.done_", "reports.language_",
    "permission.", "method.", "audit.", "users.rule_", "users.done_", "users.sees_",
    "profile.done_", "profile.access_", "profile.state_",
    "quality.all", "quality.refused", "quality.flagged", "queue.status_", "queue.since_",
    "queue.done_", "decision.", "meter.role_", "meter.source_", "wiring.", "value.", "bit.",
    "strip.", "ledger.", "reason.", "happening.", "event.", "correct.kind_", "correct.help_",
    "correct.field_", "fault.", "heat.by_", "customer.week", "gateway.state_", "finding.",
    "setup.step_", "system.size_", "fc.model_", "fc.reason_", "fc.expert_", "fc.view_",
    "fp.window_", "pc.kind_", "pc.rule_", "pc.saved", "pc.ended", "system.backend_",
    "system.chart_", "savings.stat.", "savings.option.", "savings.method.", "savings.doubt.",
    "savings.finding.", "savings.event.", "savings.period.", "savings.status.",
    "savings.treatment.", "savings.measure_status.", "savings.verdict.", "savings.held",
    "savings.missed", "savings.advice", "savings.chart_unit", "savings.cumulative_unit",
    "opportunity.", "evidence.", "price.",
    "webhooks.", "savings.",
)  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Words that Chinese engineers write in Latin letters too.
LATIN_IN_CHINESE = {
    "kW", "kWh", "MWh", "V", "A", "B", "C", "E", "P", "S", "AB", "BC", "CA", "CSV", "JSON",
    "Loadstone", "PNG", "kVA", "kvar", "ASHRAE", "CV", "GB", "IPMVP", "NMBE", "R", "RMSE", "T",
}  # fmt: skip


def used_keys() -> set[str]:
    found: set[str] = set()
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?<![\w.])t\('([\w.]+)'\s*[,)]", text))
    for path in API.glob("pages/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in TEXTS:
                found.add(str(node.value))
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "t":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_key_that_a_page_uses_has_its_texts() -> None:
    assert used_keys() - set(TEXTS) == set()


def test_no_text_is_kept_that_no_page_uses() -> None:
    formats = (API / "i18n" / "formats.py").read_text(encoding="utf-8")
    used = used_keys() | set(re.findall(r"t\(\"([\w.]+)\"", formats))
    assert {key for key in set(TEXTS) - used if not key.startswith(MADE_OF_PARTS)} == set()


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_is_translated_and_keeps_its_parameters(key: str) -> None:
    english, chinese = TEXTS[key]
    assert english.strip() and chinese.strip()
    assert not CHINESE.search(english)
    assert sorted(set(re.findall(r"\{\w+\}", english))) == sorted(
        set(re.findall(r"\{\w+\}", chinese))
    )
    if SAME_IN_BOTH.fullmatch(english):
        return
    assert CHINESE.search(chinese), f"{key} is not translated"
    said = re.sub(r"`[^`]*`", "", chinese)  # a command is typed as it is
    latin = set(re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}", "", said)))
    assert latin <= LATIN_IN_CHINESE, f"{key} has {latin - LATIN_IN_CHINESE}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<script.*?</script>|<svg.*?</svg>"
    text = re.sub(code, " ", text, flags=re.S)
    visible = re.sub(r"<[^>]*>", " ", text)
    words = set(re.findall(r"[^\W\d_]{2,}", visible)) - {"kW", "kWh", "doctype", "html"}
    assert words == set()
    attribute = r'(?:title|aria-label|placeholder|alt)="[^"{]*(?!kWh?\b)[A-Za-z]{3}'
    assert not re.findall(attribute, text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)
    assert "|safe" not in text.replace(" ", "")
    assert "://" not in text
    for opening in re.findall(r"<script[^>]*>", text):
        assert " src=" in opening or 'type="application/json"' in opening


@pytest.mark.parametrize(
    ("preference", "cookie", "accept", "chosen"),
    [
        ("zh", "en", "en", "zh"),
        (None, "zh", "en", "zh"),
        (None, None, "de-DE,zh-CN;q=0.8,en;q=0.5", "zh"),
        (None, None, "en;q=0.1, zh;q=0", "en"),
        (None, "xx", "fr", "en"),
        (None, None, "zh;q=banana", "en"),
    ],
)
def test_the_language_is_the_users_then_the_cookies_then_the_browsers(
    preference: str | None, cookie: str | None, accept: str, chosen: str
) -> None:
    assert choose_language(preference, cookie, accept) == chosen


def test_an_unknown_coded_value_is_shown_as_it_is() -> None:
    assert Texts("zh").known("kind.submarine", "submarine") == "submarine"
