"""Every setting of every process, read from LOADSTONE_* at the roof."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from the environment; see docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="LOADSTONE_", extra="forbid")

    database_url: SecretStr | None = Field(None, description="PostgreSQL or TimescaleDB address.")
    mqtt_url: SecretStr | None = Field(
        None, description="Broker address, with the collector's user and password in it."
    )
    mqtt_client_id: str = Field(
        "loadstone-collector", description="Client id of the collector's persistent session."
    )
    http_host: str = Field("127.0.0.1", description="Address that `loadstone serve` listens on.")
    http_port: int = Field(8080, ge=1, le=65535, description="Port of `loadstone serve`.")
    http_workers: int = Field(
        1, ge=1, le=64, description="Processes that `loadstone serve` answers with."
    )
    http_cookie_secure: bool = Field(
        False, description="Send session cookies over HTTPS only; set it behind TLS."
    )
    http_public_url: str | None = Field(
        None, description="Address by which browsers reach us; single sign-on comes back to it."
    )
    totp_roles: str = Field(
        "", description="Roles that must have a second step, separated by commas."
    )
    oidc_issuer: str | None = Field(None, description="OpenID provider's issuer address.")
    oidc_client_id: str | None = Field(None, description="Our name at the OpenID provider.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Our secret at the OpenID provider; none for a public client."
    )
    oidc_label: str = Field("SSO", description="What the login page calls the provider.")
    collect_linger_ms: int = Field(
        20, ge=0, le=5000, description="How long a batch waits for more messages."
    )
    collect_batch_rows: int = Field(
        30_000, ge=1, le=200_000, description="Readings after which a batch is stored at once."
    )
    collect_queue_messages: int = Field(
        20_000, ge=100, description="Messages held in memory before the line is held back."
    )
    payload_limit_bytes: int = Field(
        1_048_576, ge=1024, description="Larger messages are refused, with their first bytes kept."
    )
    rollup_refresh_s: float = Field(
        5.0, gt=0, le=60, description="Time between two refreshes of the summaries."
    )
    retention_readings_days: int | None = Field(
        None, ge=32, description="How long readings are kept; for ever where not set."
    )
    retention_rollups_days: int | None = Field(
        None, ge=32, description="How long summaries by quarter hour and hour are kept."
    )
    retention_quarantine_days: int = Field(
        365, ge=1, description="How long what was refused or flagged is kept."
    )
    retention_audit_days: int | None = Field(
        None, ge=180, description="How long the audit log is kept; for ever where not set."
    )
    api_rate_per_minute: int = Field(
        6000, ge=1, description="Requests that one token or session may send within a minute."
    )
    api_rate_unknown_per_minute: int = Field(
        600, ge=1, description="Requests from one address without good credentials, a minute."
    )
    webhook_private_addresses: bool = Field(
        False, description="Let webhooks call private addresses; off, they reach public hosts only."
    )
    webhook_silent_after_s: int = Field(
        300, ge=10, description="Silence after which webhooks are told that a gateway is silent."
    )
    smtp_host: str | None = Field(
        None, description="Mail server that reports are handed to; without one mails wait."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="How the way to the mail server is secured."
    )
    smtp_user: str | None = Field(None, description="Our user at the mail server, if it wants one.")
    smtp_password: SecretStr | None = Field(None, description="That user's password.")
    smtp_sender: str | None = Field(None, description="Address that reports are sent from.")
    forecast: bool = Field(True, description="Whether `loadstone work` makes forecasts.")
    forecast_issue_at: str = Field(
        "07:30", description="Local time at which the days ahead and the month are forecast."
    )
    forecast_model: Literal["day_ahead", "day_ahead_boosted"] = Field(
        "day_ahead", description="Who speaks of the days ahead; the boosted one needs LightGBM."
    )
    forecast_interval_s: int = Field(
        900,
        ge=900,
        le=3600,
        multiple_of=900,
        description="Length of the intervals that are forecast.",
    )
    forecast_history_days: int = Field(
        800, ge=28, le=1200, description="How far back forecasts look."
    )
    forecast_today_every_s: int = Field(
        3600,
        ge=0,
        le=43_200,
        multiple_of=3600,
        description="Time between two forecasts of today from scratch; 0 for none.",
    )
    forecast_settle_s: int = Field(
        120, ge=0, le=3600, description="How long the data of an interval are waited for."
    )
    forecast_replay_days: int = Field(
        0, ge=0, le=366, description="Days before now whose missing day-ahead forecasts are made."
    )
    forecast_keep_updates_days: int = Field(
        30, ge=2, description="How long forecasts of today, one every quarter hour, are kept."
    )
    weather_url: str | None = Field(
        None, description="A server that answers like Open-Meteo's forecast API."
    )
    weather_every_s: int = Field(
        10_800, ge=600, description="Time between two questions to the weather server."
    )
    weather_mqtt: bool = Field(
        False, description="Whether temperatures are taken from the broker's weather topics."
    )
    grafana_url: SecretStr | None = Field(
        None, description="Grafana's address, with the server admin's user and password in it."
    )
    grafana_database_host: str | None = Field(
        None, description="Host and port by which Grafana reaches the database; ours if not set."
    )
    grafana_database_sslmode: Literal["disable", "require", "verify-ca", "verify-full"] = Field(
        "disable", description="How Grafana's data sources secure their way to the database."
    )
    dashboard_statement_limit_s: float = Field(
        30.0, gt=0, description="Statements of dashboards' database roles are ended after this."
    )
    log_format: Literal["console", "json"] = Field("json", description="How logs are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe event that is logged."
    )
    demo_file: str | None = Field(
        None, description="A demo.json; set by `loadstone demo` so that its login page can help."
    )
