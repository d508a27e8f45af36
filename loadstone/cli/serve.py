"""`loadstone serve`: the API and the pages."""

from __future__ import annotations

from pathlib import Path

import click
import uvicorn

from api.app import create_app
from api.demo_door import DemoDoor, DemoUser
from loadstone.cli.demo_file import read_demo_file
from loadstone.cli.environment import database_url, load_settings
from loadstone.clock import utc_now
from loadstone.storage.pool import open_pool


@click.command()
def serve() -> None:
    """Serve the API and the pages."""
    settings = load_settings()
    pool = open_pool(database_url(settings), most=24, name="loadstone-serve")
    demo = _demo_door(Path(settings.demo_file)) if settings.demo_file else None
    app = create_app(pool, utc_now, demo=demo, cookie_secure=settings.http_cookie_secure)
    with pool:
        uvicorn.run(
            app,
            host=settings.http_host,
            port=settings.http_port,
            log_level=settings.log_level,
            access_log=False,
            timeout_graceful_shutdown=3,
        )


def _demo_door(path: Path) -> DemoDoor:
    document = read_demo_file(path)
    users = tuple(
        DemoUser(
            name=user.name,
            display_name=user.display_name,
            role=user.role,
            password=user.password,
        )
        for user in document.users
    )
    return DemoDoor(key=document.key, user_name=document.users[0].name, users=users)
