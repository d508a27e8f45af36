"""Finding a customer, a site or a meter by a part of its name: as one types, or as a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.pages.crumbs import customer_href, meter_href, site_href
from api.pages.frame import Frame, PageFrame
from loadstone.storage.screens.finder import Found, find_things

router = APIRouter(include_in_schema=False)
Words = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
_AS_TYPED, _ON_PAGE = 8, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One found thing in words."""

    kind: str
    name: str
    where: str
    href: str


@router.get("/find")
def find(frame: PageFrame, context: Context, q: Words = "") -> Response:
    """The page of what was found."""
    hits = _hits(frame, context, q, _ON_PAGE)
    return frame.page("find.html", q=q, hits=hits, is_cut=len(hits) == _ON_PAGE)


@router.get("/find/typed")
def find_typed(frame: PageFrame, context: Context, q: Words = "") -> Response:
    """The first few, as the options of the list below the field."""
    return frame.page("find_options.html", q=q, hits=_hits(frame, context, q, _AS_TYPED))


def _hits(frame: Frame, context: Context, words: str, most: int) -> list[Hit]:
    assert frame.viewer is not None  # noqa: S101 - page_frame asks for one
    if not words.strip():
        return []
    with context.reading(frame.reader) as connection:
        found = find_things(connection, words, frame.viewer.customer_id, most)
    return [_hit(frame, thing) for thing in found]


def _hit(frame: Frame, thing: Found) -> Hit:
    above = [frame.t.name(thing, "customer"), frame.t.name(thing, "site")]
    depth = {"customer": 0, "site": 1, "meter": 2}[thing.kind]
    href = customer_href(thing.customer_id)
    if thing.site_id is not None:
        href = site_href(thing.site_id)
        if thing.meter_id is not None:
            href = meter_href(thing.meter_id)
    return Hit(
        kind=frame.t(f"find.{thing.kind}"), name=frame.t.name(thing),
        where=" › ".join([*above[:depth], thing.code]), href=href,
    )  # fmt: skip
