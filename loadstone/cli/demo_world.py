"""The demo's portfolio in the registry, with its users."""

from __future__ import annotations

from dataclasses import dataclass

from loadstone.cli.gateway_passwords import derived_password
from loadstone.domain.registry import Customer, Equipment, Gateway, Meter, Site
from loadstone.domain.scope import EVERYTHING, Scope, of_customers
from loadstone.embedded import BrokerRole, BrokerUser
from loadstone.storage.codes import customer_id_of
from loadstone.storage.identity import Role, put_user
from loadstone.storage.ingest_connection import Connection
from loadstone.storage.prices import prices_of, put_prices
from loadstone.storage.registry import (
    connect_meter,
    put_customer,
    put_equipment,
    put_gateway,
    put_meter,
    put_site,
)
from simulator.model import Portfolio, VirtualCustomer, VirtualMeter, VirtualSite
from simulator.prices import virtual_prices

LAB_GATEWAY = "GW-REPLAY"
LAB_METER = "MTR-LAB"
_LAB, _LAB_EN, _LAB_ZH = "REPLAY", "Integration lab", "集成实验室"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A user of the demo; `kind` is that of the customer a facility manager belongs to."""

    name: str
    display_name: str
    role: Role
    kind: str | None = None


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(name="manager", display_name="Lin Yue 林悦", role="account_manager"),
    DemoAccount(name="hotel", display_name="Chen Bo 陈波", role="facility_manager", kind="hotel"),
    DemoAccount(
        name="hospital", display_name="Zhao Min 赵敏", role="facility_manager", kind="hospital"
    ),
    DemoAccount(name="operator", display_name="Wu Gang 吴刚", role="operator"),
    DemoAccount(name="admin", display_name="Administrator 管理员", role="admin"),
)


def register_world(connection: Connection, portfolio: Portfolio) -> None:
    """Put the portfolio into the registry, or bring it up to date."""
    for customer in portfolio:
        _register_customer(connection, customer)
    _register_lab(connection)


def register_users(
    connection: Connection, portfolio: Portfolio, passwords: dict[str, str]
) -> list[tuple[DemoAccount, int, str | None]]:
    """Put the demo's users in; returns each with its id and its customer's code.

    A facility manager whose kind of customer a trimmed portfolio lacks is left out.
    """
    code_of = {customer.kind: customer.code for customer in reversed(portfolio)}
    registered = []
    for account in DEMO_ACCOUNTS:
        code = code_of.get(account.kind) if account.kind else None
        if account.kind and code is None:
            continue
        user_id = put_user(
            connection,
            name=account.name,
            display_name=account.display_name,
            role=account.role,
            password=passwords[account.name],
            scope=_scope(connection, code),
        )
        registered.append((account, user_id, code))
    return registered


def _scope(connection: Connection, code: str | None) -> Scope:
    customer_id = customer_id_of(connection, code) if code else None
    return EVERYTHING if customer_id is None else of_customers(customer_id)


def broker_users(portfolio: Portfolio, secret: str) -> list[BrokerUser]:
    """The broker's users: collector, commander, every gateway, and the one for trying out."""
    names = {"collector": BrokerRole.COLLECTOR, "commander": BrokerRole.COMMANDER}
    gateways = [g.code for c in portfolio for s in c.sites for g in s.gateways]
    names |= dict.fromkeys([*gateways, LAB_GATEWAY], BrokerRole.GATEWAY)
    return [
        BrokerUser(name=name, password=derived_password(secret, name), role=role)
        for name, role in names.items()
    ]


def _register_customer(connection: Connection, customer: VirtualCustomer) -> None:
    customer_id = put_customer(
        connection,
        Customer(
            code=customer.code,
            name_en=customer.name_en,
            name_zh=customer.name_zh,
            kind=customer.kind,
            tier=customer.tier,
            manager=customer.manager,
            region=customer.region,
            contract_demand_kw=customer.contract_demand_kw,
            transformer_kva=customer.transformer_kva,
        ),
    )
    if not prices_of(connection, customer_id):  # what somebody changed stays
        put_prices(connection, customer_id, virtual_prices(customer))
    shares = _contract_shares(customer)
    for site in customer.sites:
        _register_site(connection, customer_id, site, shares[site.code])


def _contract_shares(customer: VirtualCustomer) -> dict[str, float]:
    """The contract demand by site, in proportion to what the main meters' transformers carry."""
    size = {
        site.code: sum(
            m.ct_primary_a * m.nominal_voltage_v for m in site.meters if not m.parent_code
        )
        for site in customer.sites
    }
    total = sum(size.values())
    return {
        code: round(customer.contract_demand_kw * part / total, -1) or customer.contract_demand_kw
        for code, part in size.items()
    }


def _register_site(
    connection: Connection, customer_id: int, site: VirtualSite, contract_demand_kw: float
) -> None:
    site_id = put_site(
        connection,
        customer_id,
        Site(
            code=site.code,
            name_en=site.name_en,
            name_zh=site.name_zh,
            zone=site.zone,
            city_en=site.city_en,
            city_zh=site.city_zh,
            latitude_deg=site.latitude_deg,
            longitude_deg=site.longitude_deg,
            contract_demand_kw=contract_demand_kw,
        ),
    )
    equipment = {
        each.code: put_equipment(
            connection,
            site_id,
            Equipment(
                code=each.code,
                name_en=each.name_en,
                name_zh=each.name_zh,
                category=each.category,
                rated_power_kw=each.rated_power_kw,
            ),
        )
        for each in site.equipment
    }
    gateway_of = {
        meter.code: put_gateway(
            connection,
            site_id,
            Gateway(code=gateway.code, model=gateway.model, firmware=gateway.firmware),
        )
        for gateway in site.gateways
        for meter in gateway.meters
    }
    ids: dict[str, int] = {}
    for meter in sorted(site.meters, key=lambda m: m.parent_code is not None):
        ids[meter.code] = put_meter(
            connection,
            site_id,
            _meter(meter),
            equipment_id=equipment.get(meter.equipment_code),
            parent_meter_id=ids.get(meter.parent_code) if meter.parent_code else None,
        )
        connect_meter(connection, gateway_of[meter.code], meter.code, ids[meter.code])


def _meter(meter: VirtualMeter) -> Meter:
    return Meter(
        code=meter.code,
        serial=meter.serial,
        name_en=meter.name_en,
        name_zh=meter.name_zh,
        role=meter.role,
        wiring=meter.wiring,
        nominal_voltage_v=meter.nominal_voltage_v,
        ct_primary_a=meter.ct_primary_a,
        ct_secondary_a=meter.ct_secondary_a,
        pt_primary_v=meter.pt_primary_v,
        pt_secondary_v=meter.pt_secondary_v,
        register_modulus_kwh=meter.register_modulus_kwh,
        interval_s=meter.interval_s,
    )


def _register_lab(connection: Connection) -> None:
    """A customer whose gateway nobody simulates: for replays, and for trying one's own payloads."""
    customer_id = put_customer(
        connection, Customer(code=_LAB, kind="lab", name_en=_LAB_EN, name_zh=_LAB_ZH)
    )
    site_id = put_site(
        connection,
        customer_id,
        Site(code=_LAB, name_en=_LAB_EN, name_zh=_LAB_ZH, zone="Asia/Shanghai"),
    )
    gateway_id = put_gateway(connection, site_id, Gateway(code=LAB_GATEWAY, model="your own"))
    meter = Meter(
        code=LAB_METER,
        name_en="Lab meter",
        name_zh="实验电表",
        nominal_voltage_v=400.0,
        ct_primary_a=1000.0,
        ct_secondary_a=5.0,
    )
    meter_id = put_meter(connection, site_id, meter)
    connect_meter(connection, gateway_id, LAB_METER, meter_id)
