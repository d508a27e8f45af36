# ruff: noqa: E501 - lines are as long as the document's words
# fmt: off
"""What is sent and answered, as dictionaries; made by scripts/api_client.py."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

AmountBody = TypedDict(  # Energy of one register in [from, to) as a person knows it, w
    "AmountBody",
    {
        "note": "str",
        "from": "str",
        "to": "str",
        "kind": "Literal['amount']",
        "register": "NotRequired[Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']]",
        "energy_kwh": "NotRequired[float | None]",
        "reactive_energy_kvarh": "NotRequired[float | None]",
    },
)


class AuditEntry(TypedDict):
    """Who did what; `before` and `after` hold the columns that changed, secrets hidden."""

    audit_id: int
    at: str
    user_id: int | None
    who: str
    address: str | None
    user_agent: str | None
    action: str
    kind: str
    subject: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Balance(TypedDict):
    """A meter against its sub-meters."""

    zone: str
    step: str
    start_at: str
    end_at: str
    meter_id: int
    code: str
    register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']
    unit: Literal['kWh', 'kvarh']
    children: list[str]
    data: list[BalanceInterval]


class BalanceInterval(TypedDict):
    """One interval of a balance; nothing is `unaccounted` for where one of them is missing."""

    start_at: str
    end_at: str
    energy_kwh: NotRequired[float | None]
    children_energy_kwh: NotRequired[float | None]
    unaccounted_energy_kwh: NotRequired[float | None]
    reactive_energy_kvarh: NotRequired[float | None]
    children_reactive_energy_kvarh: NotRequired[float | None]
    unaccounted_reactive_energy_kvarh: NotRequired[float | None]
    unaccounted_ratio: float | None
    children: int
    missing_children: list[str]
    known_ratio: float
    quality: Literal['measured', 'estimated', 'corrected', 'missing']


class BiasByLead(TypedDict):
    """Forecasts said so many days before."""

    lead_days: int
    bias_pct: float | None
    wape_pct: float | None
    days: int


class Customer(TypedDict):
    """A key account."""

    customer_id: int
    code: str
    name_en: str
    name_zh: str
    kind: str
    tier: Literal['A', 'B', 'C', 'N']
    manager: str | None
    region: str | None
    contract_demand_kw: float | None
    transformer_kva: float | None
    site_count: int
    meter_count: int
    retired_at: str | None


class CustomerChange(TypedDict):
    """What is to be different of a customer."""

    manager: NotRequired[str | None]
    region: NotRequired[str | None]
    contract_demand_kw: NotRequired[float | None]
    transformer_kva: NotRequired[float | None]
    name_en: NotRequired[str]
    name_zh: NotRequired[str]
    kind: NotRequired[str]
    tier: NotRequired[Literal['A', 'B', 'C', 'N']]


class CustomerEnergy(TypedDict):
    """Energy of a customer by interval: the sum of the main meters of all its sites."""

    zone: str
    step: str
    start_at: str
    end_at: str
    customer_id: int
    code: str
    register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']
    unit: Literal['kWh', 'kvarh']
    meters: list[str]
    data: list[SiteEnergyInterval]
    total: EnergyTotal


class CustomerLoad(TypedDict):
    """The load curve of a customer."""

    zone: str
    step: str
    start_at: str
    end_at: str
    customer_id: int
    code: str
    meters: list[str]
    data: list[SiteLoadPoint]


class DeclaredEventBody(TypedDict):
    """An event that somebody knows of."""

    status: NotRequired[Literal['confirmed']]
    treatment: NotRequired[Literal['exclude', 'adjust'] | None]
    adjustment_kwh: NotRequired[float | None]
    note: str
    first_day: str
    end_day: str


class Energy(TypedDict):
    """Energy of a meter by interval."""

    zone: str
    step: str
    start_at: str
    end_at: str
    meter_id: int
    code: str
    register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']
    unit: Literal['kWh', 'kvarh']
    data: list[EnergyInterval]
    total: EnergyTotal


class EnergyInterval(TypedDict):
    """Energy of one interval: `energy_kwh`, or for reactive registers `reactive_energy_kvarh`."""

    start_at: str
    end_at: str
    energy_kwh: NotRequired[float | None]
    reactive_energy_kvarh: NotRequired[float | None]
    measured_ratio: float
    estimated_ratio: float
    quality: Literal['measured', 'estimated', 'corrected', 'missing']


class EnergyTotal(TypedDict):
    """All intervals together: the sum of what is known, and how much of it is what."""

    energy_kwh: NotRequired[float | None]
    reactive_energy_kvarh: NotRequired[float | None]
    quality: Literal['measured', 'estimated', 'corrected', 'missing']
    measured_ratio: float
    estimated_ratio: float
    counts: dict[str, int]


class EpochBody(TypedDict):
    """An epoch's offsets or its reason are other than the rules found."""

    note: str
    kind: Literal['epoch']
    epoch: int
    offsets: NotRequired[OffsetValues | None]
    reason: NotRequired[Literal['rollover', 'reset', 'jump', 'exchange', 'declared', 'manual'] | None]


class Equipment(TypedDict):
    """What meters feed."""

    equipment_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    name_en: str
    name_zh: str
    category: str
    rated_power_kw: float | None
    meter_count: int
    retired_at: str | None


class EquipmentChange(TypedDict):
    """What is to be different of a piece of equipment."""

    name_en: NotRequired[str]
    name_zh: NotRequired[str]
    category: NotRequired[str]
    rated_power_kw: NotRequired[float | None]


class Event(TypedDict):
    """What a gateway told, or what was decided of a meter's registers."""

    event_id: int
    source: Literal['gateway', 'ledger']
    kind: str
    at: str
    recorded_at: str
    customer_id: int
    site_id: int
    gateway_code: str | None
    meter_id: int | None
    meter_code: str | None
    details: dict[str, Any]
    decided_by: str | None


class EventDecisionBody(TypedDict):
    """What is decided of an event, and why."""

    status: Literal['confirmed', 'dismissed']
    treatment: NotRequired[Literal['exclude', 'adjust'] | None]
    adjustment_kwh: NotRequired[float | None]
    note: str


class ExchangeBody(TypedDict):
    """The meter was exchanged: what the old registers closed with, and the new ones opened with."""

    note: str
    kind: Literal['exchange']
    at: str
    closing: RegisterValues
    opening: RegisterValues


class Forecast(TypedDict):
    """What is said of [start_at, end_at) by what stood at `as_of`."""

    customer_id: int
    site_id: int | None
    code: str
    zone: str
    start_at: str
    end_at: str
    as_of: str | None
    issues: list[ForecastIssue]
    data: list[ForecastSlot]


class ForecastIssue(TypedDict):
    """One forecast of one local day, as it was said at `issued_at`; never changed afterwards."""

    forecast_id: int
    customer_id: int
    site_id: int | None
    kind: Literal['day_ahead', 'week_ahead', 'today']
    target_day: str
    issued_at: str
    reckoned_at: str
    replayed: bool
    lead_days: int
    zone: str
    interval_s: int
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    weights: dict[str, float]
    peak_kw: Quantiles | None
    energy_kwh: Quantiles | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None


class ForecastSlot(TypedDict):
    """One interval: mean, and what the load stays below with 2.5 %, 10 %, … 97.5 % chance."""

    start_at: str
    end_at: str
    forecast_id: int
    mean_kw: float
    p025_kw: float
    p10_kw: float
    p20_kw: float
    p30_kw: float
    p40_kw: float
    p50_kw: float
    p60_kw: float
    p70_kw: float
    p80_kw: float
    p90_kw: float
    p975_kw: float


class Gateway(TypedDict):
    """A gateway and its state."""

    gateway_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    model: str | None
    firmware: str | None
    online: bool | None
    why: str | None
    state_at: str | None
    last_message_at: str | None
    last_message_age_s: float | None
    clock_skew_ms: int | None
    clock_synced: bool | None
    boot: int | None
    birth_at: str | None
    meter_count: int
    sequence: GatewaySequence
    retired_at: str | None


class GatewayChange(TypedDict):
    """What is to be different of a gateway."""

    model: NotRequired[str | None]


class GatewayCredentials(TypedDict):
    """What a gateway logs in to the broker with."""

    gateway_id: int
    code: str
    user_name: str
    password: str | None
    topic_prefix: str
    made_at: str


class GatewayMessages(TypedDict):
    """Messages since one start of a gateway, by the numbers it gave them."""

    boot: int
    first_seq: int
    last_seq: int
    expected: int
    received: int
    repeated: int
    missing: int
    updated_at: str


class GatewayQuality(TypedDict):
    """Quality of a gateway: its meters, and its messages by its starts, the newest first."""

    zone: str
    step: str
    start_at: str
    end_at: str
    scope: str
    total: QualityTotal
    data: list[QualityInterval]
    meters: list[MeterQuality]
    messages: list[GatewayMessages]


class GatewaySequence(TypedDict):
    """The numbered messages of all boots."""

    received: int
    repeated: int
    missing: int


class Health(TypedDict):
    """Whether the line works, for probes and people."""

    status: Literal['ok', 'behind', 'down']
    version: str
    now: str
    database: Literal['reachable', 'away']
    backend: Literal['tsl', 'apache', 'plain'] | None
    newest_reading_at: str | None
    newest_reading_age_s: float | None
    last_received_age_s: float | None
    rollup_backlog: int | None


class JoinBody(TypedDict):
    """An epoch that is none: the registers went on from the one before."""

    note: str
    kind: Literal['join']
    epoch: int


class JudgedEpoch(TypedDict):
    """A register epoch by the rules alone, without corrections."""

    epoch: int
    starts_at: str
    reason: str
    offsets_wh: list[int]


class Latest(TypedDict):
    """The newest values of a meter, and how old they are."""

    voltage_an_v: float | None
    voltage_bn_v: float | None
    voltage_cn_v: float | None
    voltage_ab_v: float | None
    voltage_bc_v: float | None
    voltage_ca_v: float | None
    current_a_a: float | None
    current_b_a: float | None
    current_c_a: float | None
    current_n_a: float | None
    active_power_kw: float | None
    active_power_a_kw: float | None
    active_power_b_kw: float | None
    active_power_c_kw: float | None
    reactive_power_kvar: float | None
    apparent_power_kva: float | None
    power_factor_ratio: float | None
    frequency_hz: float | None
    import_total_kwh: float | None
    export_total_kwh: float | None
    reactive_q1_total_kvarh: float | None
    reactive_q2_total_kvarh: float | None
    reactive_q3_total_kvarh: float | None
    reactive_q4_total_kvarh: float | None
    reactive_import_total_kvarh: float | None
    reactive_export_total_kvarh: float | None
    meter_id: int
    code: str
    site_id: int
    ts: str | None
    received_at: str | None
    age_s: float | None
    epoch: int | None
    quality: int | None
    quality_flags: list[str]


class LedgerEvent(TypedDict):
    """One decision on a meter's registers: by ingest's rules or by a person."""

    ledger_event_id: int
    kind: Literal['epoch_opened', 'epoch_changed', 'epoch_removed', 'exchange', 'epoch', 'join', 'trust', 'distrust', 'ratio', 'amount', 'withdraw', 'rejudge']
    starts_at: str
    ends_at: str | None
    epoch: int | None
    reason: str | None
    details: dict[str, Any]
    decided_by: str
    decided_at: str
    note: str | None
    withdraws: int | None
    in_force: bool | None


class Load(TypedDict):
    """The load curve of a meter."""

    zone: str
    step: str
    start_at: str
    end_at: str
    meter_id: int
    code: str
    data: list[LoadPoint]


class LoadPoint(TypedDict):
    """Mean power of one interval; extremes are of the samples in it."""

    start_at: str
    end_at: str
    power_kw: float | None
    estimated_kw: float | None
    power_min_kw: float | None
    power_max_kw: float | None
    samples: int
    quality: Literal['measured', 'estimated', 'corrected', 'missing']


class Me(TypedDict):
    """Who asks, and what they may do; `scope` is that of the token where one was sent."""

    user_id: int
    name: str
    display_name: str
    role: Literal['admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator']
    language: Literal['en', 'zh']
    access: Literal['read', 'write']
    permissions: list[Literal['data.read', 'quarantine.read', 'exports.read', 'system.read', 'registry.change', 'gateways.change', 'webhooks.change', 'readings.correct', 'quarantine.decide', 'alarms.answer', 'plant.command', 'accounts.change', 'budgets.change', 'calendars.change', 'reports.change', 'tokens.own', 'users.read', 'users.change', 'audit.read']]
    scope: ScopeAnswer
    has_totp: bool
    token_id: int | None


class MeBody(TypedDict):
    """What everybody may change of themselves."""

    language: Literal['en', 'zh']


class MeasureFromOpportunity(TypedDict):
    """What is to be done of it, and when."""

    what: str
    planned_on: NotRequired[str | None]
    owner: NotRequired[str | None]


class Meter(TypedDict):
    """A meter, where it is and what it feeds."""

    meter_id: int
    code: str
    site_id: int
    site_code: str
    customer_id: int
    zone: str
    name_en: str
    name_zh: str
    serial: str | None
    role: Literal['main', 'sub']
    wiring: Literal['3P4W', '3P3W', '1P2W']
    parent_meter_id: int | None
    equipment_id: int | None
    equipment_code: str | None
    equipment_category: str | None
    nominal_voltage_v: float | None
    ct_primary_a: float | None
    ct_secondary_a: float | None
    pt_primary_v: float | None
    pt_secondary_v: float | None
    max_power_kw: float | None
    register_modulus_kwh: float | None
    interval_s: int
    energy_source: Literal['register', 'interval']
    gateway_code: str | None
    channel: str | None
    retired_at: str | None


class MeterChange(TypedDict):
    """What is to be different of a meter."""

    serial: NotRequired[str | None]
    equipment_id: NotRequired[int | None]
    parent_meter_id: NotRequired[int | None]
    nominal_voltage_v: NotRequired[float | None]
    ct_primary_a: NotRequired[float | None]
    ct_secondary_a: NotRequired[float | None]
    pt_primary_v: NotRequired[float | None]
    pt_secondary_v: NotRequired[float | None]
    max_power_kw: NotRequired[float | None]
    register_modulus_kwh: NotRequired[float | None]
    name_en: NotRequired[str]
    name_zh: NotRequired[str]
    role: NotRequired[Literal['main', 'sub']]
    wiring: NotRequired[Literal['3P4W', '3P3W', '1P2W']]
    interval_s: NotRequired[int]
    energy_source: NotRequired[Literal['register', 'interval']]


class MeterChannel(TypedDict):
    """What a gateway calls a meter in [valid_from, valid_to)."""

    gateway_id: int
    gateway_code: str
    channel: str
    meter_id: int
    valid_from: str | None
    valid_to: str | None


class MeterChannels(TypedDict):
    """Through which gateways a meter was and is heard, the newest first."""

    meter_id: int
    code: str
    data: list[MeterChannel]


class MeterQuality(TypedDict):
    """One meter over all intervals."""

    completeness_ratio: float | None
    estimated_ratio: float | None
    missing_ratio: float | None
    expected_readings: int
    received_readings: int
    untrusted_readings: int
    lag_max_s: int | None
    meter_id: int
    code: str
    site_id: int
    newest_at: str | None
    age_s: float | None


class MonthLanding(TypedDict):
    """Where a month was said to land at `issued_at`, by 400 simulated courses of its rest."""

    customer_id: int
    site_id: int | None
    code: str
    month: str
    zone: str
    issued_at: str
    replayed: bool
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    so_far_kwh: float | None
    so_far_peak_kw: float | None
    energy_kwh: Quantiles | None
    peak_kw: Quantiles | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None


class NewChannel(TypedDict):
    """Which gateway speaks for a meter, by which name, from when on."""

    gateway: str
    channel: str
    valid_from: NotRequired[str | None]


class NewCustomer(TypedDict):
    """A new key account."""

    manager: NotRequired[str | None]
    region: NotRequired[str | None]
    contract_demand_kw: NotRequired[float | None]
    transformer_kva: NotRequired[float | None]
    code: str
    name_en: str
    name_zh: str
    kind: str
    tier: NotRequired[Literal['A', 'B', 'C', 'N']]


class NewEquipment(TypedDict):
    """New equipment of a site."""

    site_id: int
    code: str
    name_en: str
    name_zh: str
    category: str
    rated_power_kw: NotRequired[float | None]


class NewGateway(TypedDict):
    """A new gateway; its code is its MQTT user name."""

    site_id: int
    code: str
    model: NotRequired[str | None]


class NewMeter(TypedDict):
    """A new meter of a site."""

    serial: NotRequired[str | None]
    equipment_id: NotRequired[int | None]
    parent_meter_id: NotRequired[int | None]
    nominal_voltage_v: NotRequired[float | None]
    ct_primary_a: NotRequired[float | None]
    ct_secondary_a: NotRequired[float | None]
    pt_primary_v: NotRequired[float | None]
    pt_secondary_v: NotRequired[float | None]
    max_power_kw: NotRequired[float | None]
    register_modulus_kwh: NotRequired[float | None]
    site_id: int
    code: str
    name_en: str
    name_zh: str
    role: NotRequired[Literal['main', 'sub']]
    wiring: NotRequired[Literal['3P4W', '3P3W', '1P2W']]
    interval_s: NotRequired[int]
    energy_source: NotRequired[Literal['register', 'interval']]


class NewProductionDayBody(TypedDict):
    """A new entry, of a customer as a whole or of one of its sites."""

    name: str
    kind: Literal['shutdown', 'working', 'event']
    first_day: str
    last_day: str
    note: NotRequired[str | None]
    customer_id: int
    site_id: NotRequired[int | None]


class NewReport(TypedDict):
    """A report to be made."""

    kind: str
    customer_id: NotRequired[int | None]
    site_id: NotRequired[int | None]
    month: str
    language: NotRequired[Literal['en', 'zh', 'both']]
    as_known_at: NotRequired[str | None]


class NewReportSchedule(TypedDict):
    """A report to be made every month, and sent."""

    kind: str
    customer_id: NotRequired[int | None]
    site_id: NotRequired[int | None]
    day_of_month: NotRequired[int]
    language: NotRequired[Literal['en', 'zh', 'both']]
    formats: NotRequired[list[Literal['html', 'pdf', 'xlsx']]]
    recipients: NotRequired[list[str]]
    webhook_id: NotRequired[int | None]


class NewSavingMeasureBody(TypedDict):
    """A new measure at a site."""

    what: str
    status: NotRequired[Literal['proposed', 'planned', 'implemented', 'verified', 'rejected']]
    option: NotRequired[Literal['B', 'C']]
    meter_ids: NotRequired[list[int]]
    planned_on: NotRequired[str | None]
    implemented_on: NotRequired[str | None]
    baseline_from: NotRequired[str | None]
    expected_kwh: NotRequired[float | None]
    owner: NotRequired[str | None]
    note: NotRequired[str | None]
    site_id: int


class NewSite(TypedDict):
    """New premises of a customer."""

    city_en: NotRequired[str | None]
    city_zh: NotRequired[str | None]
    latitude_deg: NotRequired[float | None]
    longitude_deg: NotRequired[float | None]
    contract_demand_kw: NotRequired[float | None]
    country: NotRequired[str | None]
    subdivision: NotRequired[str | None]
    customer_id: int
    code: str
    name_en: str
    name_zh: str
    zone: str


class NewToken(TypedDict):
    """A token with its secret, this once."""

    token_id: int
    user_id: int
    user_name: str
    name: str
    access: Literal['read', 'write']
    scope: ScopeAnswer | None
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    token: str | None


class NewUserBody(TypedDict):
    """A new user; without a password only single sign-on lets in."""

    display_name: str
    role: Literal['admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator']
    language: NotRequired[Literal['en', 'zh']]
    email: NotRequired[str | None]
    scope: ScopeBody
    enabled: NotRequired[bool]
    name: str
    password: NotRequired[str | None]


class NewVirtualMeterBody(TypedDict):
    """A new virtual meter, of a site or of a customer as a whole."""

    name_en: str
    name_zh: str
    terms: list[TermBody]
    code: str
    site_id: NotRequired[int | None]
    customer_id: NotRequired[int | None]


class NewWebhook(TypedDict):
    """A new webhook: of a customer, of one site, or of all that its maker sees."""

    name: str
    url: str
    kinds: list[Literal['gateway_silent', 'gateway_back', 'quarantine', 'quality_low', 'report_ready']]
    customer_id: NotRequired[int | None]
    site_id: NotRequired[int | None]
    completeness_below_ratio: NotRequired[float | None]


class NonRoutineEventAnswer(TypedDict):
    """Something other than the measure that moved the load on [first_day, end_day)."""

    event_id: int
    measure_id: int
    site_id: int
    customer_id: int
    kind: Literal['shutdown', 'surge', 'level_shift', 'declared']
    period: Literal['baseline', 'reporting']
    first_day: str
    end_day: str
    effect_kwh: float | None
    status: Literal['flagged', 'confirmed', 'dismissed']
    treatment: Literal['exclude', 'adjust'] | None
    adjustment_kwh: float | None
    note: str | None
    flagged_at: str
    decided_by: str | None
    decided_at: str | None


class OffsetValues(TypedDict):
    """Offsets in kWh and kvarh; one that is left out stays."""

    import_kwh: NotRequired[float | None]
    export_kwh: NotRequired[float | None]
    reactive_q1_kvarh: NotRequired[float | None]
    reactive_q2_kvarh: NotRequired[float | None]
    reactive_q3_kvarh: NotRequired[float | None]
    reactive_q4_kvarh: NotRequired[float | None]
    reactive_import_kvarh: NotRequired[float | None]
    reactive_export_kvarh: NotRequired[float | None]


class OpportunityAnswer(TypedDict):
    """What could be saved at a site, in a year like the weeks that were looked at."""

    opportunity_id: int
    site_id: int
    site_code: str
    site_en: str
    site_zh: str
    zone: str
    customer_id: int
    customer_code: str
    customer_en: str
    customer_zh: str
    meter_id: int | None
    meter_code: str | None
    meter_en: str | None
    meter_zh: str | None
    code: str
    params: dict[str, Any]
    evidence: dict[str, Any]
    energy_kwh: float
    energy_low_kwh: float
    energy_high_kwh: float
    demand_kw: float
    money: str | None
    low_money: str | None
    high_money: str | None
    currency: str | None
    confidence: Literal['low', 'medium', 'high']
    effort: Literal['low', 'medium', 'high']
    status: Literal['new', 'accepted', 'proposed', 'measure', 'rejected', 'done']
    owner: str | None
    note: str | None
    measure_id: int | None
    first_found_at: str
    last_found_at: str
    gone_at: str | None
    changed_at: str


class OpportunityChange(TypedDict):
    """What somebody makes of it; it becomes a measure by a request of its own."""

    status: NotRequired[Literal['new', 'accepted', 'proposed', 'rejected', 'done']]
    owner: NotRequired[str | None]
    note: NotRequired[str | None]


class OwnPasswordBody(TypedDict):
    """A new password for oneself."""

    password: str
    current_password: str


class PageAuditEntry(TypedDict):
    """Page_AuditEntry_."""

    data: list[AuditEntry]
    next_cursor: str | None


class PageCustomer(TypedDict):
    """Page_Customer_."""

    data: list[Customer]
    next_cursor: str | None


class PageEquipment(TypedDict):
    """Page_Equipment_."""

    data: list[Equipment]
    next_cursor: str | None


class PageEvent(TypedDict):
    """Page_Event_."""

    data: list[Event]
    next_cursor: str | None


class PageForecastIssue(TypedDict):
    """Page_ForecastIssue_."""

    data: list[ForecastIssue]
    next_cursor: str | None


class PageGateway(TypedDict):
    """Page_Gateway_."""

    data: list[Gateway]
    next_cursor: str | None


class PageLatest(TypedDict):
    """Page_Latest_."""

    data: list[Latest]
    next_cursor: str | None


class PageLedgerEvent(TypedDict):
    """Page_LedgerEvent_."""

    data: list[LedgerEvent]
    next_cursor: str | None


class PageMeter(TypedDict):
    """Page_Meter_."""

    data: list[Meter]
    next_cursor: str | None


class PageNonRoutineEventAnswer(TypedDict):
    """Page_NonRoutineEventAnswer_."""

    data: list[NonRoutineEventAnswer]
    next_cursor: str | None


class PageOpportunityAnswer(TypedDict):
    """Page_OpportunityAnswer_."""

    data: list[OpportunityAnswer]
    next_cursor: str | None


class PageProductionDay(TypedDict):
    """Page_ProductionDay_."""

    data: list[ProductionDay]
    next_cursor: str | None


class PageRefusal(TypedDict):
    """Page_Refusal_."""

    data: list[Refusal]
    next_cursor: str | None


class PageReportDelivery(TypedDict):
    """Page_ReportDelivery_."""

    data: list[ReportDelivery]
    next_cursor: str | None


class PageReportSchedule(TypedDict):
    """Page_ReportSchedule_."""

    data: list[ReportSchedule]
    next_cursor: str | None


class PageReport(TypedDict):
    """Page_Report_."""

    data: list[Report]
    next_cursor: str | None


class PageSavingMeasure(TypedDict):
    """Page_SavingMeasure_."""

    data: list[SavingMeasure]
    next_cursor: str | None


class PageSavingVerification(TypedDict):
    """Page_SavingVerification_."""

    data: list[SavingVerification]
    next_cursor: str | None


class PageSite(TypedDict):
    """Page_Site_."""

    data: list[Site]
    next_cursor: str | None


class PageTokenAnswer(TypedDict):
    """Page_TokenAnswer_."""

    data: list[TokenAnswer]
    next_cursor: str | None


class PageUserAnswer(TypedDict):
    """Page_UserAnswer_."""

    data: list[UserAnswer]
    next_cursor: str | None


class PageVirtualMeter(TypedDict):
    """Page_VirtualMeter_."""

    data: list[VirtualMeter]
    next_cursor: str | None


class PageWebhookDelivery(TypedDict):
    """Page_WebhookDelivery_."""

    data: list[WebhookDelivery]
    next_cursor: str | None


class PageWebhook(TypedDict):
    """Page_Webhook_."""

    data: list[Webhook]
    next_cursor: str | None


class PasswordBody(TypedDict):
    """A new password for somebody."""

    password: str


class PastForecast(TypedDict):
    """One forecast with its curve."""

    forecast_id: int
    customer_id: int
    site_id: int | None
    kind: Literal['day_ahead', 'week_ahead', 'today']
    target_day: str
    issued_at: str
    reckoned_at: str
    replayed: bool
    lead_days: int
    zone: str
    interval_s: int
    model: str
    reason: str
    reasons: list[Any]
    inputs: dict[str, Any]
    weights: dict[str, float]
    peak_kw: Quantiles | None
    energy_kwh: Quantiles | None
    contract_demand_kw: float | None
    exceeds_ratio: float | None
    data: list[ForecastSlot]


class Payload(TypedDict):
    """The first bytes of what was sent: `text` where they are UTF-8, else `base64`."""

    text: str | None
    base64: str | None
    size_bytes: int
    truncated: bool


class PortfolioScore(TypedDict):
    """The mean card of all sites that you see, each counting once, and those of the sites."""

    kind: Literal['day_ahead', 'week_ahead', 'today']
    lead_days: int
    first_day: str
    last_day: str
    sites: int
    worse_than_naive: int
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct: float | None
    special_wape_pct: float | None
    peak_error_pct: float | None
    peak_shift_h: float | None
    skill_ratio: float | None
    data: list[SiteScore]


class PriceAnswer(TypedDict):
    """What counts from a local day on; money is in `currency`."""

    valid_from: str
    currency: str
    flat_per_kwh: str
    sharp_per_kwh: str | None
    peak_per_kwh: str | None
    valley_per_kwh: str | None
    deep_valley_per_kwh: str | None
    windows: list[PriceWindowAnswer]
    basis: Literal['actual', 'contract', 'capacity'] | None
    demand_per_kw_month: str | None
    capacity_per_kva_month: str | None
    feed_in_per_kwh: str | None
    power_factor_standard_ratio: Literal['0.80', '0.85', '0.90'] | None


class PriceBody(TypedDict):
    """What is to count from a local day on."""

    valid_from: str
    currency: NotRequired[str]
    flat_per_kwh: float | str
    sharp_per_kwh: NotRequired[float | str | None]
    peak_per_kwh: NotRequired[float | str | None]
    valley_per_kwh: NotRequired[float | str | None]
    deep_valley_per_kwh: NotRequired[float | str | None]
    windows: NotRequired[list[PriceWindowBody]]
    basis: NotRequired[Literal['actual', 'contract', 'capacity'] | None]
    demand_per_kw_month: NotRequired[float | str | None]
    capacity_per_kva_month: NotRequired[float | str | None]
    feed_in_per_kwh: NotRequired[float | str | None]
    power_factor_standard_ratio: NotRequired[Literal['0.80', '0.85', '0.90'] | None]


class PriceWindowAnswer(TypedDict):
    """When a period counts, by the clock of the site."""

    period: Literal['sharp', 'peak', 'valley', 'deep_valley']
    begins: str
    ends: str
    months: list[int]


class PriceWindowBody(TypedDict):
    """When a period is to count."""

    period: Literal['sharp', 'peak', 'valley', 'deep_valley']
    begins: str
    ends: str
    months: NotRequired[list[int]]


class PricesAnswer(TypedDict):
    """A customer's prices, oldest first."""

    customer_id: int
    prices: list[PriceAnswer]


class PricesBody(TypedDict):
    """A customer's prices as they are to be, all of them."""

    prices: list[PriceBody]


class ProblemDetails(TypedDict):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemField]


class ProblemField(TypedDict):
    """One refused parameter."""

    field: str
    value: str | None
    rule: str


class ProductionCalendar(TypedDict):
    """All entries of a customer that stand, by their first day, and what is not published."""

    customer_id: int
    data: list[ProductionDay]
    public: list[PublishedYears]


class ProductionDay(TypedDict):
    """A span of local days in a customer's calendar, both ends included."""

    production_day_id: int
    customer_id: int
    site_id: int | None
    name: str
    kind: Literal['shutdown', 'working', 'event']
    first_day: str
    last_day: str
    note: str | None
    entered_by: str
    entered_at: str
    withdrawn_by: str | None
    withdrawn_at: str | None


class ProductionDayBody(TypedDict):
    """An entry as it is to be."""

    name: str
    kind: Literal['shutdown', 'working', 'event']
    first_day: str
    last_day: str
    note: NotRequired[str | None]


class PublishedYears(TypedDict):
    """Whether the public holidays of the years that forecasts reach are known."""

    site_id: int
    code: str
    country: str | None
    subdivision: str | None
    unpublished_years: list[int]


class Quality(TypedDict):
    """Quality of a scope by interval, by meter with the worst first, and in all."""

    zone: str
    step: str
    start_at: str
    end_at: str
    scope: str
    total: QualityTotal
    data: list[QualityInterval]
    meters: list[MeterQuality]


class QualityInterval(TypedDict):
    """All meters of the scope in one interval."""

    completeness_ratio: float | None
    estimated_ratio: float | None
    missing_ratio: float | None
    expected_readings: int
    received_readings: int
    untrusted_readings: int
    lag_max_s: int | None
    start_at: str
    end_at: str
    meters: int
    silent_meters: int
    incomplete_meters: int
    estimated_meters: int


class QualityTotal(TypedDict):
    """All meters over all intervals."""

    completeness_ratio: float | None
    estimated_ratio: float | None
    missing_ratio: float | None
    expected_readings: int
    received_readings: int
    untrusted_readings: int
    lag_max_s: int | None
    meters: int


class Quantiles(TypedDict):
    """What a value stays below with this chance: p10 in one case of ten."""

    p025: float
    p10: float
    p20: float
    p30: float
    p40: float
    p50: float
    p60: float
    p70: float
    p80: float
    p90: float
    p975: float


class QuarantineDecided(TypedDict):
    """How many rows were decided; those that are not seen or not open stay as they are."""

    decided: int


class QuarantineDecisionBody(TypedDict):
    """What is to become of rows of the queue."""

    ids: list[int]
    decision: Literal['dismissed', 'again', 'reopened']
    note: str

RatioBody = TypedDict(  # Energy of [from, to) times a factor: the gateway reckoned wi
    "RatioBody",
    {
        "note": "str",
        "kind": "Literal['ratio']",
        "from": "str",
        "to": "NotRequired[str | None]",
        "ratio_factor": "float",
    },
)


class Reading(TypedDict):
    """A stored reading."""

    voltage_an_v: float | None
    voltage_bn_v: float | None
    voltage_cn_v: float | None
    voltage_ab_v: float | None
    voltage_bc_v: float | None
    voltage_ca_v: float | None
    current_a_a: float | None
    current_b_a: float | None
    current_c_a: float | None
    current_n_a: float | None
    active_power_kw: float | None
    active_power_a_kw: float | None
    active_power_b_kw: float | None
    active_power_c_kw: float | None
    reactive_power_kvar: float | None
    apparent_power_kva: float | None
    power_factor_ratio: float | None
    frequency_hz: float | None
    import_total_kwh: float | None
    export_total_kwh: float | None
    reactive_q1_total_kvarh: float | None
    reactive_q2_total_kvarh: float | None
    reactive_q3_total_kvarh: float | None
    reactive_q4_total_kvarh: float | None
    reactive_import_total_kvarh: float | None
    reactive_export_total_kvarh: float | None
    ts: str
    epoch: int
    quality: int
    lag_s: int


class Readings(TypedDict):
    """Readings of [from, to) in order of time."""

    meter_id: int
    code: str
    zone: str
    data: list[Reading]
    next_cursor: str | None


class Refusal(TypedDict):
    """A message or reading that was refused or flagged, and why."""

    quarantine_id: int
    severity: Literal['refused', 'flagged']
    received_at: str
    last_seen_at: str
    times_seen: int
    gateway_code: str | None
    meter_code: str | None
    meter_id: int | None
    ts: str | None
    topic: str
    code: str
    field: str | None
    value: str | None
    rule: str
    sentence: str
    payload: Payload


class RegisterEpoch(TypedDict):
    """A stretch in which the registers are continuous."""

    epoch: int
    starts_at: str
    reason: Literal['first', 'rollover', 'reset', 'jump', 'exchange', 'declared', 'manual']
    declared_epoch: int | None
    offsets: RegisterOffsets
    decided_at: str
    corrected_by: int | None


class RegisterHistory(TypedDict):
    """The register epochs of a meter, oldest first."""

    meter_id: int
    code: str
    zone: str
    data: list[RegisterEpoch]


class RegisterOffsets(TypedDict):
    """What is added to each register so that it follows on from the epoch before."""

    import_kwh: float
    export_kwh: float
    reactive_q1_kvarh: float
    reactive_q2_kvarh: float
    reactive_q3_kvarh: float
    reactive_q4_kvarh: float
    reactive_import_kvarh: float
    reactive_export_kvarh: float


class RegisterValues(TypedDict):
    """Registers in kWh and kvarh; one that is left out is not said."""

    import_kwh: NotRequired[float | None]
    export_kwh: NotRequired[float | None]
    reactive_q1_kvarh: NotRequired[float | None]
    reactive_q2_kvarh: NotRequired[float | None]
    reactive_q3_kvarh: NotRequired[float | None]
    reactive_q4_kvarh: NotRequired[float | None]
    reactive_import_kvarh: NotRequired[float | None]
    reactive_export_kvarh: NotRequired[float | None]


class Rejudgement(TypedDict):
    """What the rules of today make of the stretch."""

    applied: bool
    relabelled: list[RelabelledReadings]
    epochs_before: list[JudgedEpoch]
    epochs_after: list[JudgedEpoch]

RejudgementBody = TypedDict(  # sent
    "RejudgementBody",
    {
        "from": "str",
        "to": "str",
        "note": "str",
        "apply": "NotRequired[bool]",
    },
)


class RelabelledReadings(TypedDict):
    """Readings in a row that get another label; negative: not trusted."""

    first_at: str
    last_at: str
    readings: int
    was: int
    now: int


class Report(TypedDict):
    """An archived report."""

    report_id: int
    kind: str
    customer_id: int | None
    customer_en: str | None
    customer_zh: str | None
    site_id: int | None
    customer_count: int
    month: str
    language: Literal['en', 'zh', 'both']
    as_known_at: str
    made_at: str
    made_by: str
    sha256: str


class ReportAttempt(TypedDict):
    """One try to send a report."""

    attempt: int
    tried_at: str
    error: str | None
    duration_ms: int


class ReportDelivery(TypedDict):
    """A report on its way to one address."""

    report_delivery_id: int
    report_id: int
    report_schedule_id: int | None
    channel: Literal['email', 'webhook']
    address: str
    language: Literal['en', 'zh', 'both']
    formats: list[Literal['html', 'pdf', 'xlsx']]
    due_at: str | None
    delivered_at: str | None
    given_up_at: str | None
    attempts: list[ReportAttempt]


class ReportKind(TypedDict):
    """A kind of report."""

    kind: str
    scope: Literal['customer', 'portfolio']
    title_en: str
    title_zh: str
    about_en: str
    about_zh: str


class ReportKinds(TypedDict):
    """All kinds of reports."""

    data: list[ReportKind]


class ReportMail(TypedDict):
    """To whom a report is to be mailed now."""

    recipients: list[str]
    language: NotRequired[Literal['en', 'zh', 'both'] | None]
    formats: NotRequired[list[Literal['html', 'pdf', 'xlsx']]]


class ReportSchedule(TypedDict):
    """A report that is made every month by itself."""

    report_schedule_id: int
    kind: str
    customer_id: int | None
    customer_en: str | None
    customer_zh: str | None
    site_id: int | None
    zone: str
    day_of_month: int
    language: Literal['en', 'zh', 'both']
    formats: list[Literal['html', 'pdf', 'xlsx']]
    recipients: list[str]
    webhook_id: int | None
    created_by: str
    created_at: str
    due_at: str | None
    failures: int
    last_error: str | None


class ReportScheduleChange(TypedDict):
    """What is to be different of a schedule."""

    day_of_month: NotRequired[int]
    language: NotRequired[Literal['en', 'zh', 'both']]
    formats: NotRequired[list[Literal['html', 'pdf', 'xlsx']]]
    recipients: NotRequired[list[str]]
    webhook_id: NotRequired[int | None]
    enabled: NotRequired[bool]


class ReportSent(TypedDict):
    """Mails that were put on their way."""

    report_id: int
    recipients: list[str]


class ResponseToWarmth(TypedDict):
    """What the load answers to temperature: fitted on its own history, beside weekday and season."""

    method: Literal['fitted']
    days: int
    explained_ratio: float
    cooling_base_c: float
    heating_base_c: float
    cooling_kw_per_k: list[float]
    heating_kw_per_k: list[float]


class SavingMeasure(TypedDict):
    """A measure that should save energy, at one site."""

    measure_id: int
    customer_id: int
    site_id: int
    what: str
    status: Literal['proposed', 'planned', 'implemented', 'verified', 'rejected']
    option: Literal['B', 'C']
    meter_ids: list[int]
    planned_on: str | None
    implemented_on: str | None
    baseline_from: str | None
    expected_kwh: float | None
    owner: str | None
    note: str | None
    opportunity_id: int | None
    made_by: str
    made_at: str
    changed_at: str


class SavingMeasureBody(TypedDict):
    """A measure as it is to be."""

    what: str
    status: NotRequired[Literal['proposed', 'planned', 'implemented', 'verified', 'rejected']]
    option: NotRequired[Literal['B', 'C']]
    meter_ids: NotRequired[list[int]]
    planned_on: NotRequired[str | None]
    implemented_on: NotRequired[str | None]
    baseline_from: NotRequired[str | None]
    expected_kwh: NotRequired[float | None]
    owner: NotRequired[str | None]
    note: NotRequired[str | None]


class SavingVerification(TypedDict):
    """What was judged of a measure, as it was known at an instant."""

    verification_id: int
    measure_id: int
    site_id: int
    customer_id: int
    known_at: str
    made_by: str
    baseline_from: str
    baseline_to: str
    reporting_from: str
    reporting_to: str
    verdict: Literal['proven', 'not_proven']
    saved_kwh: float
    low_kwh: float
    high_kwh: float
    saved_money: str | None
    low_money: str | None
    high_money: str | None
    currency: str | None
    weather_source: str | None
    result: dict[str, Any]


class ScopeAnswer(TypedDict):
    """Whose data is seen: everything, these customers, or these sites."""

    sees: Literal['all', 'customers', 'sites']
    customer_ids: list[int]
    site_ids: list[int]


class ScopeBody(TypedDict):
    """Whose data is seen: everything, these customers, or these sites."""

    sees: NotRequired[Literal['all', 'customers', 'sites']]
    customer_ids: NotRequired[list[int]]
    site_ids: NotRequired[list[int]]


class ScoreCard(TypedDict):
    """The card of a site, or of all sites of a customer together."""

    customer_id: int
    site_id: int | None
    code: str
    kind: Literal['day_ahead', 'week_ahead', 'today']
    lead_days: int
    first_day: str
    last_day: str
    card: ScoreFigures | None
    by_lead: list[BiasByLead]


class ScoreFigures(TypedDict):
    """How forecasts of finished days turned out; null where too little was measured."""

    days: int
    slots: int
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct: float | None
    special_wape_pct: float | None
    peak_error_pct: float | None
    peak_shift_h: float | None
    skill_ratio: float | None


class SessionAnswer(TypedDict):
    """Where one is signed in."""

    session_id: int
    current: bool
    method: Literal['password', 'totp', 'recovery', 'sso', 'demo']
    address: str | None
    user_agent: str | None
    created_at: str
    last_seen_at: str | None
    expires_at: str


class SessionList(TypedDict):
    """All sessions of a user."""

    data: list[SessionAnswer]


class ShiftAnswer(TypedDict):
    """One shift."""

    begins: str
    name: str | None


class ShiftPlanAnswer(TypedDict):
    """The three shifts of a site's day, each until the next begins."""

    site_id: int
    zone: str
    shifts: list[ShiftAnswer]


class ShiftPlanBody(TypedDict):
    """A plan as it is to be: three shifts in order of the clock."""

    shifts: list[apimodelsshiftsShiftBody]


class Site(TypedDict):
    """One set of premises."""

    site_id: int
    code: str
    customer_id: int
    customer_code: str
    name_en: str
    name_zh: str
    zone: str
    city_en: str | None
    city_zh: str | None
    latitude_deg: float | None
    longitude_deg: float | None
    contract_demand_kw: float | None
    country: str | None
    subdivision: str | None
    gateway_count: int
    meter_count: int
    retired_at: str | None


class SiteChange(TypedDict):
    """What is to be different of a site."""

    city_en: NotRequired[str | None]
    city_zh: NotRequired[str | None]
    latitude_deg: NotRequired[float | None]
    longitude_deg: NotRequired[float | None]
    contract_demand_kw: NotRequired[float | None]
    country: NotRequired[str | None]
    subdivision: NotRequired[str | None]
    name_en: NotRequired[str]
    name_zh: NotRequired[str]
    zone: NotRequired[str]


class SiteEnergy(TypedDict):
    """Energy of a site by interval."""

    zone: str
    step: str
    start_at: str
    end_at: str
    site_id: int
    code: str
    register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']
    unit: Literal['kWh', 'kvarh']
    meters: list[str]
    data: list[SiteEnergyInterval]
    total: EnergyTotal


class SiteEnergyInterval(TypedDict):
    """Sum of a site's main meters; null where one is missing, then the known part stands apart."""

    start_at: str
    end_at: str
    energy_kwh: NotRequired[float | None]
    reactive_energy_kvarh: NotRequired[float | None]
    measured_ratio: float
    estimated_ratio: float
    quality: Literal['measured', 'estimated', 'corrected', 'missing']
    known_energy_kwh: NotRequired[float | None]
    known_reactive_energy_kvarh: NotRequired[float | None]
    missing_meters: list[str]


class SiteLoad(TypedDict):
    """The load curve of a site."""

    zone: str
    step: str
    start_at: str
    end_at: str
    site_id: int
    code: str
    meters: list[str]
    data: list[SiteLoadPoint]


class SiteLoadPoint(TypedDict):
    """Sum of a site's main meters; null where one of them is missing."""

    start_at: str
    end_at: str
    power_kw: float | None
    estimated_kw: float | None
    missing_meters: list[str]
    quality: Literal['measured', 'estimated', 'corrected', 'missing']


class SiteScore(TypedDict):
    """One site of a portfolio's cards."""

    days: int
    slots: int
    wape_pct: float | None
    mase_ratio: float | None
    pinball_pct: float | None
    coverage_80_pct: float | None
    coverage_95_pct: float | None
    bias_pct: float | None
    special_wape_pct: float | None
    peak_error_pct: float | None
    peak_shift_h: float | None
    skill_ratio: float | None
    customer_id: int
    site_id: int
    code: str


class TermBody(TypedDict):
    """A term as it is to be."""

    meter_id: int
    term_factor: NotRequired[float]
    valid_from: NotRequired[str | None]
    valid_to: NotRequired[str | None]


class TokenAnswer(TypedDict):
    """An API token, without its secret."""

    token_id: int
    user_id: int
    user_name: str
    name: str
    access: Literal['read', 'write']
    scope: ScopeAnswer | None
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class TokenBody(TypedDict):
    """A new token; it sees no more than its user, and less where `scope` says so."""

    name: str
    access: NotRequired[Literal['read', 'write']]
    expires_at: NotRequired[str | None]
    scope: NotRequired[ScopeBody | None]

TrustBody = TypedDict(  # Registers of readings in [from, to) are (`trust`) or are not
    "TrustBody",
    {
        "note": "str",
        "from": "str",
        "to": "str",
        "kind": "Literal['trust', 'distrust']",
    },
)


class UserAnswer(TypedDict):
    """A user."""

    user_id: int
    name: str
    display_name: str
    role: Literal['admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator']
    language: Literal['en', 'zh']
    email: str | None
    scope: ScopeAnswer
    enabled: bool
    has_password: bool
    has_totp: bool
    sso_issuers: list[str]
    token_count: int
    created_at: str
    last_login_at: str | None
    password_changed_at: str | None
    disabled_at: str | None


class UserBody(TypedDict):
    """What can be changed of a user."""

    display_name: str
    role: Literal['admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator']
    language: NotRequired[Literal['en', 'zh']]
    email: NotRequired[str | None]
    scope: ScopeBody
    enabled: NotRequired[bool]


class VerifiedSavingsAnswer(TypedDict):
    """What is proven of a customer's measures, in one currency."""

    customer_id: int
    currency: str | None
    measures: int
    saved_kwh: float
    saved_money: str | None


class VerifiedSavingsList(TypedDict):
    """By currency; empty where nothing is proven."""

    data: list[VerifiedSavingsAnswer]


class VirtualEnergy(TypedDict):
    """Energy of a virtual meter by interval."""

    zone: str
    step: str
    start_at: str
    end_at: str
    virtual_meter_id: int
    code: str
    register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp']
    unit: Literal['kWh', 'kvarh']
    data: list[EnergyInterval]
    total: EnergyTotal


class VirtualLoad(TypedDict):
    """The load curve of a virtual meter; extremes are not known of a sum."""

    zone: str
    step: str
    start_at: str
    end_at: str
    virtual_meter_id: int
    code: str
    data: list[LoadPoint]


class VirtualMeter(TypedDict):
    """A meter that is reckoned from others."""

    virtual_meter_id: int
    code: str
    customer_id: int
    site_id: int | None
    name_en: str
    name_zh: str
    terms: list[VirtualTerm]
    changed_by: str
    changed_at: str


class VirtualMeterBody(TypedDict):
    """What a virtual meter is to be; all its terms, not only new ones."""

    name_en: str
    name_zh: str
    terms: list[TermBody]


class VirtualTerm(TypedDict):
    """A meter that counts so many times in [valid_from, valid_to)."""

    meter_id: int
    code: str
    term_factor: float
    valid_from: str | None
    valid_to: str | None


class Weather(TypedDict):
    """Temperatures at a site: measured where they were by then, else as foreseen last."""

    site_id: int
    code: str
    zone: str
    start_at: str
    end_at: str
    as_of: str | None
    data: list[WeatherPoint]


class WeatherPoint(TypedDict):
    """One temperature as it was known at `as_of`."""

    valid_at: str
    temperature_c: float
    measured: bool
    known_at: str
    source: str


class Webhook(TypedDict):
    """A webhook; counts are of the calls of the last 30 days."""

    webhook_id: int
    name: str
    url: str
    kinds: list[Literal['gateway_silent', 'gateway_back', 'quarantine', 'quality_low', 'report_ready']]
    customer_id: int | None
    site_id: int | None
    completeness_below_ratio: float | None
    created_by: str
    created_at: str
    disabled_at: str | None
    delivered: int
    waiting: int
    given_up: int


class WebhookAttempt(TypedDict):
    """One call."""

    attempt: int
    tried_at: str
    status: int | None
    error: str | None
    duration_ms: int


class WebhookChange(TypedDict):
    """What is to be different of a webhook."""

    name: NotRequired[str]
    url: NotRequired[str]
    kinds: NotRequired[list[Literal['gateway_silent', 'gateway_back', 'quarantine', 'quality_low', 'report_ready']]]
    completeness_below_ratio: NotRequired[float | None]
    enabled: NotRequired[bool]


class WebhookDelivery(TypedDict):
    """Something that was told, or is to be."""

    webhook_delivery_id: int
    webhook_event_id: int
    kind: str
    happened_at: str
    details: dict[str, Any]
    due_at: str | None
    delivered_at: str | None
    given_up_at: str | None
    attempts: list[WebhookAttempt]


class WebhookTest(TypedDict):
    """A call that was asked for."""

    webhook_event_id: int


class WebhookWithSecret(TypedDict):
    """A webhook as it was just made, or given a new secret."""

    webhook_id: int
    name: str
    url: str
    kinds: list[Literal['gateway_silent', 'gateway_back', 'quarantine', 'quality_low', 'report_ready']]
    customer_id: int | None
    site_id: int | None
    completeness_below_ratio: float | None
    created_by: str
    created_at: str
    disabled_at: str | None
    delivered: int
    waiting: int
    given_up: int
    secret: str | None


class WhatIf(TypedDict):
    """The forecast as it stands, and as it would be."""

    site_id: int
    code: str
    zone: str
    first_day: str
    last_day: str
    issued_at: str
    interval_s: int
    contract_demand_kw: float | None
    moved_kwh: float
    unplaced_kwh: float
    response: ResponseToWarmth | None
    before: WhatIfSide
    after: WhatIfSide
    data: list[WhatIfSlot]


class WhatIfBody(TypedDict):
    """What is to be tried on the forecast of these local days."""

    first_day: NotRequired[str | None]
    last_day: NotRequired[str | None]
    shift: NotRequired[apimodelswhatifShiftBody | None]
    warmer_k: NotRequired[float]


class WhatIfSide(TypedDict):
    """The sums of one side."""

    energy_kwh: float
    peak_kw: Quantiles
    exceeds_ratio: float | None


class WhatIfSlot(TypedDict):
    """One interval before and after."""

    start_at: str
    end_at: str
    mean_kw: float
    p10_kw: float
    p90_kw: float
    changed_mean_kw: float
    changed_p10_kw: float
    changed_p90_kw: float


class WindowBody(TypedDict):
    """Hours of every local day, [begins, ends), across midnight too."""

    begins: str
    ends: str


class WithdrawBody(TypedDict):
    """An earlier correction no longer holds; what the rules decided counts again."""

    note: str
    kind: Literal['withdraw']
    ledger_event_id: int


class apimodelsshiftsShiftBody(TypedDict):
    """One shift as it is to be."""

    begins: str
    name: NotRequired[str | None]


class apimodelswhatifShiftBody(TypedDict):
    """So much load less in some hours; its energy goes into others, or is not used."""

    power_kw: float
    out_of: WindowBody
    into: NotRequired[WindowBody | None]
