"""A paragraph that says what a board cannot know."""

from __future__ import annotations

from dashboards.house.frame import Frame, framed
from dashboards.sdk import text, text_models


def note(frame: Frame, content: str) -> text.Panel:
    """Markdown, without a query."""
    return framed(text.Panel(), frame).mode(text_models.TextMode.MARKDOWN).content(content)
