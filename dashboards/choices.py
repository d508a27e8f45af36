"""What the reader of a board chooses: customer, site, meter; each depends on the one before."""

from __future__ import annotations

from collections.abc import Callable

from dashboards.query import DATA_SOURCE, DATA_SOURCE_TYPE
from dashboards.sdk import Builder, dashboard, dashboard_models
from dashboards.words import Say

Choice = Callable[[Say], Builder[dashboard_models.VariableModel]]

DATA_SOURCE_NAMES = "/^Loadstone/"


def source(say: Say) -> dashboard.DatasourceVariable:
    """Which of the organisation's data sources of Loadstone is asked; mostly there is one."""
    return (
        dashboard.DatasourceVariable("ds")
        .label(say("Data source", "数据源"))
        .type(DATA_SOURCE_TYPE)
        .regex(DATA_SOURCE_NAMES)
        .hide(dashboard_models.VariableHide.HIDE_VARIABLE)
    )


def customer(say: Say) -> dashboard.QueryVariable:
    """The customers that the data source's role sees."""
    return _list(
        "customer", say("Customer", "客户"),
        f"SELECT {say.name('c')} AS __text, c.customer_id AS __value FROM visible.customer c "
        "WHERE c.retired_at IS NULL AND EXISTS (SELECT FROM visible.site s "
        "WHERE s.customer_id = c.customer_id AND s.retired_at IS NULL) ORDER BY 1",
    )  # fmt: skip


def site(say: Say) -> dashboard.QueryVariable:
    """The sites of the customer chosen."""
    return _list(
        "site", say("Site", "场所"),
        f"SELECT {say.name('s')} AS __text, s.site_id AS __value FROM visible.site s "
        "WHERE s.customer_id = ${customer:raw} AND s.retired_at IS NULL ORDER BY s.code",
    )  # fmt: skip


def meter(say: Say) -> dashboard.QueryVariable:
    """The meters of the site chosen, main meters first."""
    return _list(
        "meter", say("Meter", "电表"),
        f"SELECT {say.name('m')} || ' · ' || m.code AS __text, m.meter_id AS __value "
        "FROM visible.meter m WHERE m.site_id = ${site:raw} AND m.retired_at IS NULL "
        "ORDER BY m.role, m.code",
    )  # fmt: skip


def zone(say: Say) -> dashboard.QueryVariable:
    """The time zone of the site chosen, for local days; not shown."""
    return _list(
        "zone", say("Time zone", "时区"),
        "SELECT zone FROM visible.site WHERE site_id = ${site:raw}",
    ).hide(dashboard_models.VariableHide.HIDE_VARIABLE)  # fmt: skip


def _list(name: str, label: str, sql: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(DATA_SOURCE)
        .query(sql)
        .definition(sql)
        .refresh(dashboard_models.VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(dashboard_models.VariableSort.DISABLED)
        .multi(False)
        .include_all(False)
    )
