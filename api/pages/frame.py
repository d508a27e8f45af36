"""The frame that every page stands in: language, navigation, who is looking."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.context import AppContext, app_context
from api.i18n import LANGUAGES, Texts, choose_language
from api.i18n.formats import Formats
from api.i18n.language import LANGUAGE_COOKIE
from api.identity import PageViewer, Viewer
from api.pages.nav import MORE, NavEntry, entries_for, groups_of
from api.pages.static_files import static_url
from api.sessions import CSRF_FIELD, csrf_token

_ENVIRONMENT = Environment(
    loader=PackageLoader("api", "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals["static"] = static_url
_TABS = 4


class Frame:
    """What templates and view models need to speak to this viewer."""

    def __init__(self, request: Request, viewer: Viewer | None) -> None:
        language = choose_language(
            viewer.language if viewer else None,
            request.cookies.get(LANGUAGE_COOKIE),
            request.headers.get("accept-language"),
        )
        self.request = request
        self.viewer = viewer
        self.t = Texts(language)
        self.f = Formats(self.t)

    @property
    def reader(self) -> Viewer:
        """Who reads the page; only pages behind the login may ask."""
        if self.viewer is None:
            raise TypeError("a page that anybody may see reads nobody's data")
        return self.viewer

    def now_ms(self) -> float:
        """The server's clock, so that a wrong clock of the browser ages nothing."""
        return app_context(self.request).now().timestamp() * 1000

    @property
    def lang_tag(self) -> str:
        """The document's language for browsers and screen readers."""
        return "zh-CN" if self.t.language == "zh" else "en"

    @property
    def here(self) -> str:
        """The path and query of the page, to come back to."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def age_texts(self) -> dict[str, str]:
        """The words with which a script ticks the age badges on."""
        return {
            "ago": self.t("age.ago", span="{}"),
            "seconds": self.t("span.seconds", n="{}"),
            "minutes": self.t("span.minutes", n="{}"),
            "stale": self.t("age.stale", time="{}"),
            "silent": self.t("age.silent", time="{}"),
            "now_ms": str(int(self.now_ms())),
        }

    def page(
        self,
        template: str,
        *,
        section: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> Response:
        """A page from a template; `section` is the navigation entry that it belongs to."""
        entries = self._entries()
        html = _ENVIRONMENT.get_template(template).render(
            frame=self,
            t=self.t,
            f=self.f,
            viewer=self.viewer,
            section=section,
            nav_groups=groups_of(entries),
            tabs=[*[entry for entry in entries if entry.in_tabs][:_TABS], MORE],
            languages=LANGUAGES,
            csrf_field=CSRF_FIELD,
            csrf=csrf_token(self.request),
            is_demo=_is_demo(self.request),
            **values,
        )
        return HTMLResponse(html, status_code=status, headers=headers)

    def _entries(self) -> list[NavEntry]:
        return [] if self.viewer is None else entries_for(self.viewer)


def _is_demo(request: Request) -> bool:
    context = getattr(request.app.state, "context", None)
    return isinstance(context, AppContext) and context.demo is not None


def page_frame(request: Request, viewer: PageViewer) -> Frame:
    """The frame of a page for somebody signed in; kept on the request for its error page."""
    frame = Frame(request, viewer)
    request.state.frame = frame
    return frame


PageFrame = Annotated[Frame, Depends(page_frame)]
