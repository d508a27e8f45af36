"""Whatever is sent, the API answers as it says: made-up requests to every operation, all checks.

With `LOADSTONE_TEST_API_COVERAGE=1` every boundary of every parameter is tried too, for minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
import schemathesis
from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from api.app import bare_app, create_app
from api.rates import ApiLimits
from loadstone.storage.identity import create_token, put_user

_NOW = datetime(2026, 10, 27, tzinfo=UTC)
_MANY = 10_000_000
_LIMITS = ApiLimits(per_minute=_MANY, per_minute_unknown=_MANY, exports=_MANY, exports_each=_MANY)
_APP = bare_app(limits=_LIMITS)
# What a schema cannot say is refused by rules that name the field: that `from` is before `to`, that
# a cursor was given out, that what is named exists.
_BY_RULE = ["2xx", "3xx", "401", "403", "404", "406", "409", "412", "422"]
_CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": _BY_RULE},
            # Now and then it makes a request wrong in a header that is not sent as it was made
            # (the token's, a null), and wonders that it is taken. Only where somebody looks.
            "negative_data_rejection": {"enabled": "LOADSTONE_TEST_API_COVERAGE" in os.environ},
        },
        "phases": {"coverage": {"enabled": "LOADSTONE_TEST_API_COVERAGE" in os.environ}},
    }
)
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", _APP, config=_CONFIG)


async def _end(*_args: object) -> None:
    """Instead of waiting for more, a live stream finds that the database went away."""
    raise psycopg.OperationalError("the test ends the stream")


@pytest.fixture(scope="module")
def headers(world) -> Iterator[dict[str, str]]:
    """An administrator's, of an application whose database may be changed at will."""
    whole = create_app(world.pool, lambda: _NOW, limits=_LIMITS)
    _APP.state.context = whole.state.context
    with world.pool.connection() as connection:
        user_id = put_user(connection, name="root", display_name="Root", role="admin")
        token = create_token(connection, user_id, "fuzz", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.routes.live.wait_for_changes", _end)
        yield {"Authorization": f"Bearer {token}"}


@schema.parametrize()
@settings(max_examples=4, deadline=None, derandomize=True)
def test_every_operation_answers_as_described(case, headers):
    case.call_and_validate(headers=headers)
