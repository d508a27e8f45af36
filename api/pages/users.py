"""Users and roles: who there is, what each role may do, adding and changing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.context import AppContext, Context
from api.errors import FieldError, ProblemError, not_found
from api.identity import Viewer
from api.models.identity import NewUserBody, ScopeBody, UserBody
from api.pages.frame import Frame, PageFrame
from api.roles import page_permitted
from api.sessions import CSRF_FIELD, check_csrf
from api.user_changes import add_user, change_user, check_new_password, note_password
from loadstone.domain.permissions import MATRIX, PERMISSIONS, ROLES
from loadstone.storage.codes import customer_id_of, site_id_of
from loadstone.storage.read_only import Connection
from loadstone.storage.second_step import drop_totp
from loadstone.storage.users import UserRow, find_user, list_users, set_password

router = APIRouter(include_in_schema=False)
_MOST = 1000
_UserReader = Annotated[Viewer, Depends(page_permitted("users.read"))]
_UserAdmin = Annotated[Viewer, Depends(page_permitted("users.change"))]
_Csrf = Annotated[str, Form(alias=CSRF_FIELD)]
_Line = Annotated[str, Form(max_length=300)]
_Name = Annotated[str, Path(max_length=60)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserForm:
    """What stands in the form: as stored, or as it was sent."""

    name: str = ""
    display_name: str = ""
    role: str = "account_manager"
    language: str = "zh"
    email: str = ""
    sees: str = "all"
    codes: str = ""
    enabled: bool = True


@router.get("/users")
def users(frame: PageFrame, context: Context, viewer: _UserReader, done: str = "") -> Response:
    """The list, and the matrix of roles and permissions."""
    now = context.now()
    with context.inside() as connection:
        rows = list_users(connection, now, most=_MOST)
    logins = {
        row.user_id: frame.f.instant(row.last_login_at, "UTC", now) + " UTC"
        for row in rows
        if row.last_login_at
    }
    return frame.page(
        "users.html", section="users", rows=rows, logins=logins, roles=ROLES,
        permissions=PERMISSIONS, matrix=MATRIX, may_change=viewer.may("users.change"),
        done=done if done in {"added", "changed", "password", "second"} else "",
    )  # fmt: skip


@router.get("/users/new")
def new_user(frame: PageFrame, viewer: _UserAdmin) -> Response:
    """The form for a new user."""
    return _form(frame, None, UserForm(language=viewer.language), ())


@router.get("/users/{name}/edit")
def edit_user(frame: PageFrame, context: Context, viewer: _UserAdmin, name: _Name) -> Response:
    """The form for a user that is there."""
    with context.inside() as connection:
        row = _the_user(connection, name, context)
    return _form(frame, row, _stored(row), ())


@router.post("/users/new")
def add(
    request: Request, frame: PageFrame, context: Context, viewer: _UserAdmin, name: _Line = "",
    display_name: _Line = "", role: _Line = "", language: _Line = "en", email: _Line = "",
    sees: _Line = "all", codes: Annotated[str, Form(max_length=10_000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Add a user, or show the form again with what is wrong with it."""
    check_csrf(request, token)
    sent = UserForm(
        name=name, display_name=display_name, role=role, language=language, email=email,
        sees=sees, codes=codes,
    )  # fmt: skip
    try:
        with context.writing(viewer.actor) as connection:
            values = _values(connection, sent)
            body = NewUserBody.model_validate(
                {**values, "name": name, "password": password or None}
            )
            add_user(connection, viewer, body)
    except (ProblemError, ValidationError) as error:
        return _form(frame, None, sent, _faults(error))
    return RedirectResponse("/users?done=added", status_code=303)


@router.post("/users/{name}/edit")
def change(
    request: Request, frame: PageFrame, context: Context, viewer: _UserAdmin, name: _Name,
    display_name: _Line = "", role: _Line = "", language: _Line = "en", email: _Line = "",
    sees: _Line = "all", codes: Annotated[str, Form(max_length=10_000)] = "",
    enabled: bool = Form(False), token: _Csrf = "",
) -> Response:  # fmt: skip
    """Change a user, or show the form again with what is wrong with it."""
    check_csrf(request, token)
    sent = UserForm(
        name=name, display_name=display_name, role=role, language=language, email=email,
        sees=sees, codes=codes, enabled=enabled,
    )  # fmt: skip
    with context.inside() as connection:
        row = _the_user(connection, name, context)
    try:
        with context.writing(viewer.actor) as connection:
            body = UserBody.model_validate({**_values(connection, sent), "enabled": enabled})
            change_user(connection, viewer, row, body)
    except (ProblemError, ValidationError) as error:
        return _form(frame, row, sent, _faults(error))
    return RedirectResponse("/users?done=changed", status_code=303)


@router.post("/users/{name}/password")
def reset_password(
    request: Request, frame: PageFrame, context: Context, viewer: _UserAdmin, name: _Name,
    password: Annotated[str, Form(max_length=1000)] = "", token: _Csrf = "",
) -> Response:  # fmt: skip
    """Give a user a new password; ends all sessions."""
    check_csrf(request, token)
    try:
        with context.writing(viewer.actor) as connection:
            row = _the_user(connection, name, context)
            check_new_password("password", password, row.name)
            set_password(connection, row.user_id, password, context.now())
            note_password(connection, row.name, by_owner=row.user_id == viewer.user_id)
    except ProblemError as error:
        if error.status == 404:
            raise
        return _form(frame, row, _stored(row), _faults(error))
    return RedirectResponse("/users?done=password", status_code=303)


@router.post("/users/{name}/second-step")
def forget_second_step(
    request: Request, context: Context, viewer: _UserAdmin, name: _Name, token: _Csrf = ""
) -> Response:
    """Forget a lost authenticator app."""
    check_csrf(request, token)
    with context.writing(viewer.actor) as connection:
        drop_totp(connection, _the_user(connection, name, context).user_id)
    return RedirectResponse("/users?done=second", status_code=303)


def _the_user(connection: Connection, name: str, context: AppContext) -> UserRow:
    row = None if "\x00" in name else find_user(connection, name, context.now())
    if row is None or row.name != name:
        raise not_found("user", name)
    return row


def _stored(row: UserRow) -> UserForm:
    return UserForm(
        name=row.name, display_name=row.display_name, role=row.role, language=row.language,
        email=row.email or "", sees=row.sees, codes="\n".join(row.seen_codes),
        enabled=row.disabled_at is None,
    )  # fmt: skip


def _values(connection: Connection, sent: UserForm) -> dict[str, object]:
    """The form as the API's body: codes become ids."""
    scope: dict[str, object] = {"sees": sent.sees}
    if sent.sees in {"customers", "sites"}:
        find = customer_id_of if sent.sees == "customers" else site_id_of
        ids = []
        for code in sent.codes.replace(",", " ").split():
            found = find(connection, code.replace("\x00", ""))
            if found is None:
                error = FieldError(
                    field="codes", value=code[:60], rule="must be a code that exists"
                )
                raise ProblemError(status=422, detail=error.sentence(), errors=[error])
            ids.append(found)
        scope["customer_ids" if sent.sees == "customers" else "site_ids"] = ids
    return {
        "display_name": sent.display_name,
        "role": sent.role,
        "language": sent.language,
        "email": sent.email.strip() or None,
        "scope": ScopeBody.model_validate(scope),
    }


def _faults(error: ProblemError | ValidationError) -> tuple[tuple[str, str], ...]:
    """The refused fields as (field, value)."""
    if isinstance(error, ProblemError):
        return tuple((fault.field.partition(".")[0], fault.value or "") for fault in error.errors)
    return tuple(
        (str(found["loc"][0]) if found["loc"] else "scope", "") for found in error.errors()
    )


_FORM_FIELDS = {"scope": "codes"}


def _form(
    frame: Frame, row: UserRow | None, form: UserForm, faults: tuple[tuple[str, str], ...]
) -> Response:
    return frame.page(
        "user.html", section="users", status=422 if faults else 200, row=row, form=form,
        roles=ROLES, faults={_FORM_FIELDS.get(field, field): value for field, value in faults},
    )  # fmt: skip
