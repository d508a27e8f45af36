# ruff: noqa: E501 - lines are as long as the document's words
# fmt: off
"""Every operation of the API as a method; made by scripts/api_client.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from loadstone.client import models
from loadstone.client.transport import Transport


class Operations(Transport):
    """The operations; names and meanings are those of docs/reference/api.md."""

    def list_customers(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['customer_id', '-customer_id', 'code', '-code', 'name_en', '-name_en', 'tier', '-tier', 'contract_demand_kw', '-contract_demand_kw'] | None = None,
        kind: str | None = None,
        tier: Literal['A', 'B', 'C', 'N'] | None = None,
        region: str | None = None,
        retired: bool | None = None,
        q: str | None = None,
    ) -> models.PageCustomer:
        """The customers that the viewer may see."""
        found: models.PageCustomer = self.answer(
            "GET",
            "/customers",
            query={"limit": limit, "cursor": cursor, "sort": sort, "kind": kind, "tier": tier, "region": region, "retired": retired, "q": q},
        )
        return found

    def create_customer(
        self,
        body: models.NewCustomer,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Customer:
        """Register a customer. For those who see all customers."""
        found: models.Customer = self.answer(
            "POST",
            "/customers",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_customer(
        self,
        reference: str,
    ) -> models.Customer:
        """One customer by id or code."""
        found: models.Customer = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}",
        )
        return found

    def change_customer(
        self,
        reference: str,
        body: models.CustomerChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Customer:
        """Change what is sent of a customer. For those who see all its sites."""
        found: models.Customer = self.answer(
            "PATCH",
            f"/customers/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_customer(
        self,
        reference: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Customer:
        """Retire a customer whose sites are all retired; its history stays."""
        found: models.Customer = self.answer(
            "DELETE",
            f"/customers/{self.quoted(reference)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_customer_load(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
    ) -> models.CustomerLoad:
        """Sum of the main meters' load; an interval that lacks a meter names it and has no sum."""
        found: models.CustomerLoad = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/load",
            query={"from": from_, "to": to, "step": step, "tz": tz},
        )
        return found

    def get_customer_energy(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> models.CustomerEnergy:
        """Sum of the main meters' energy; an interval that lacks a meter names it and has no sum."""
        found: models.CustomerEnergy = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/energy",
            query={"from": from_, "to": to, "step": step, "tz": tz, "register": register},
        )
        return found

    def list_sites(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['site_id', '-site_id', 'code', '-code', 'name_en', '-name_en', 'customer_id', '-customer_id'] | None = None,
        customer_id: int | None = None,
        zone: str | None = None,
        retired: bool | None = None,
        q: str | None = None,
    ) -> models.PageSite:
        """The sites that the viewer may see."""
        found: models.PageSite = self.answer(
            "GET",
            "/sites",
            query={"limit": limit, "cursor": cursor, "sort": sort, "customer_id": customer_id, "zone": zone, "retired": retired, "q": q},
        )
        return found

    def create_site(
        self,
        body: models.NewSite,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Site:
        """Register premises of a customer."""
        found: models.Site = self.answer(
            "POST",
            "/sites",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_site(
        self,
        reference: str,
    ) -> models.Site:
        """One site by id or code."""
        found: models.Site = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}",
        )
        return found

    def change_site(
        self,
        reference: str,
        body: models.SiteChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Site:
        """Change what is sent of a site. Another zone cuts days and months anew, past ones too."""
        found: models.Site = self.answer(
            "PATCH",
            f"/sites/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_site(
        self,
        reference: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Site:
        """Retire a site whose meters and gateways are all retired; its history stays."""
        found: models.Site = self.answer(
            "DELETE",
            f"/sites/{self.quoted(reference)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_site_load(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
    ) -> models.SiteLoad:
        """Sum of the main meters' load; an interval that lacks a meter names it and has no sum."""
        found: models.SiteLoad = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/load",
            query={"from": from_, "to": to, "step": step, "tz": tz},
        )
        return found

    def get_site_energy(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> models.SiteEnergy:
        """Sum of the main meters' energy; an interval that lacks a meter names it and has no sum."""
        found: models.SiteEnergy = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/energy",
            query={"from": from_, "to": to, "step": step, "tz": tz, "register": register},
        )
        return found

    def list_equipment(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['equipment_id', '-equipment_id', 'code', '-code', 'name_en', '-name_en', 'category', '-category', 'site_id', '-site_id'] | None = None,
        site_id: int | None = None,
        customer_id: int | None = None,
        category: str | None = None,
        retired: bool | None = None,
        q: str | None = None,
    ) -> models.PageEquipment:
        """The equipment that the viewer may see."""
        found: models.PageEquipment = self.answer(
            "GET",
            "/equipment",
            query={"limit": limit, "cursor": cursor, "sort": sort, "site_id": site_id, "customer_id": customer_id, "category": category, "retired": retired, "q": q},
        )
        return found

    def create_equipment(
        self,
        body: models.NewEquipment,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Equipment:
        """Register equipment of a site."""
        found: models.Equipment = self.answer(
            "POST",
            "/equipment",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_equipment(
        self,
        equipment_id: int | str,
    ) -> models.Equipment:
        """One piece of equipment by id: codes are unique within a site only."""
        found: models.Equipment = self.answer(
            "GET",
            f"/equipment/{self.quoted(equipment_id)}",
        )
        return found

    def change_equipment(
        self,
        equipment_id: int | str,
        body: models.EquipmentChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Equipment:
        """Change what is sent of a piece of equipment."""
        found: models.Equipment = self.answer(
            "PATCH",
            f"/equipment/{self.quoted(equipment_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_equipment(
        self,
        equipment_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Equipment:
        """Retire equipment that no meter in use measures; its history stays."""
        found: models.Equipment = self.answer(
            "DELETE",
            f"/equipment/{self.quoted(equipment_id)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_gateways(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['gateway_id', '-gateway_id', 'code', '-code', 'site_id', '-site_id', 'last_message_at', '-last_message_at'] | None = None,
        site_id: int | None = None,
        customer_id: int | None = None,
        online: bool | None = None,
        retired: bool | None = None,
        q: str | None = None,
    ) -> models.PageGateway:
        """Gateways, each with its state."""
        found: models.PageGateway = self.answer(
            "GET",
            "/gateways",
            query={"limit": limit, "cursor": cursor, "sort": sort, "site_id": site_id, "customer_id": customer_id, "online": online, "retired": retired, "q": q},
        )
        return found

    def create_gateway(
        self,
        body: models.NewGateway,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Gateway:
        """Register a gateway; it may log in once it has credentials."""
        found: models.Gateway = self.answer(
            "POST",
            "/gateways",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_gateway(
        self,
        reference: str,
    ) -> models.Gateway:
        """One gateway by code (or id): on or off the line and why, its clock, its lost messages."""
        found: models.Gateway = self.answer(
            "GET",
            f"/gateways/{self.quoted(reference)}",
        )
        return found

    def change_gateway(
        self,
        reference: str,
        body: models.GatewayChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Gateway:
        """Change what is sent of a gateway."""
        found: models.Gateway = self.answer(
            "PATCH",
            f"/gateways/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_gateway(
        self,
        reference: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Gateway:
        """Retire a gateway: it speaks for no meter any more. Its history stays."""
        found: models.Gateway = self.answer(
            "DELETE",
            f"/gateways/{self.quoted(reference)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def create_gateway_credentials(
        self,
        reference: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.GatewayCredentials:
        """Give a gateway a new password for the broker; it is told now and never again."""
        found: models.GatewayCredentials = self.answer(
            "POST",
            f"/gateways/{self.quoted(reference)}/credentials",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_meters(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['meter_id', '-meter_id', 'code', '-code', 'name_en', '-name_en', 'site_id', '-site_id'] | None = None,
        site_id: int | None = None,
        customer_id: int | None = None,
        role: Literal['main', 'sub'] | None = None,
        gateway: str | None = None,
        equipment_id: int | None = None,
        category: str | None = None,
        retired: bool | None = None,
        q: str | None = None,
    ) -> models.PageMeter:
        """Meters, with what they feed and the gateway that speaks for them now."""
        found: models.PageMeter = self.answer(
            "GET",
            "/meters",
            query={"limit": limit, "cursor": cursor, "sort": sort, "site_id": site_id, "customer_id": customer_id, "role": role, "gateway": gateway, "equipment_id": equipment_id, "category": category, "retired": retired, "q": q},
        )
        return found

    def create_meter(
        self,
        body: models.NewMeter,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Meter:
        """Register a meter of a site; a channel tells which gateway speaks for it."""
        found: models.Meter = self.answer(
            "POST",
            "/meters",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_meter(
        self,
        reference: str,
    ) -> models.Meter:
        """One meter by id or code."""
        found: models.Meter = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}",
        )
        return found

    def change_meter(
        self,
        reference: str,
        body: models.MeterChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Meter:
        """Change what is sent of a meter. Readings are judged by it from then on."""
        found: models.Meter = self.answer(
            "PATCH",
            f"/meters/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_meter(
        self,
        reference: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Meter:
        """Retire a meter: no gateway speaks for it any more. Its history stays and counts."""
        found: models.Meter = self.answer(
            "DELETE",
            f"/meters/{self.quoted(reference)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_meter_epochs(
        self,
        reference: str,
    ) -> models.RegisterHistory:
        """Where the registers began anew, why, and what is added to make them continuous."""
        found: models.RegisterHistory = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/epochs",
        )
        return found

    def list_meter_channels(
        self,
        reference: str,
    ) -> models.MeterChannels:
        """Through which gateways a meter was and is heard, the newest first."""
        found: models.MeterChannels = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/channels",
        )
        return found

    def create_meter_channel(
        self,
        reference: str,
        body: models.NewChannel,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.MeterChannels:
        """Let a gateway speak for a meter from an instant on; the gateway before it ends there."""
        found: models.MeterChannels = self.answer(
            "POST",
            f"/meters/{self.quoted(reference)}/channels",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_latest(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        site_id: int | None = None,
        customer_id: int | None = None,
    ) -> models.PageLatest:
        """The newest values of the meters in use, of a site or customer if that is said."""
        found: models.PageLatest = self.answer(
            "GET",
            "/latest",
            query={"limit": limit, "cursor": cursor, "site_id": site_id, "customer_id": customer_id},
        )
        return found

    def list_meter_latest(
        self,
        reference: str,
    ) -> models.Latest:
        """The newest values of one meter; all null where it has never been heard of."""
        found: models.Latest = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/latest",
        )
        return found

    def list_meter_readings(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.Readings:
        """Raw readings of [from, to) as they are stored, in order of time."""
        found: models.Readings = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/readings",
            query={"from": from_, "to": to, "limit": limit, "cursor": cursor},
        )
        return found

    def get_meter_load(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
    ) -> models.Load:
        """Mean power by interval of [from, to), from the energy; a gap is null, never 0."""
        found: models.Load = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/load",
            query={"from": from_, "to": to, "step": step, "tz": tz},
        )
        return found

    def get_meter_energy(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> models.Energy:
        """Energy by interval of [from, to), each with its quality, and the total."""
        found: models.Energy = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/energy",
            query={"from": from_, "to": to, "step": step, "tz": tz, "register": register},
        )
        return found

    def get_meter_balance(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> models.Balance:
        """What flowed in and is not accounted for by any sub-meter, by interval of [from, to)."""
        found: models.Balance = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/balance",
            query={"from": from_, "to": to, "step": step, "tz": tz, "register": register},
        )
        return found

    def list_meter_ledger(
        self,
        reference: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageLedgerEvent:
        """Decisions on the registers of a meter, the newest first: the rules' and people's."""
        found: models.PageLedgerEvent = self.answer(
            "GET",
            f"/meters/{self.quoted(reference)}/ledger",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def create_meter_correction(
        self,
        reference: str,
        body: models.ExchangeBody | models.EpochBody | models.JoinBody | models.TrustBody | models.RatioBody | models.AmountBody | models.WithdrawBody,
        *,
        idempotency_key: str | None = None,
    ) -> models.LedgerEvent:
        """Correct the registers of a meter. Readings stay as they came; undo it by `withdraw`."""
        found: models.LedgerEvent = self.answer(
            "POST",
            f"/meters/{self.quoted(reference)}/corrections",
            body=body,
            headers={"idempotency-key": idempotency_key},
        )
        return found

    def create_meter_rejudgement(
        self,
        reference: str,
        body: models.RejudgementBody,
    ) -> models.Rejudgement:
        """Judge the registers of [from, to) again; changes labels and epochs only, if it is applied."""
        found: models.Rejudgement = self.answer(
            "POST",
            f"/meters/{self.quoted(reference)}/rejudgement",
            body=body,
        )
        return found

    def list_virtual_meters(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageVirtualMeter:
        """Virtual meters by id, each with its terms."""
        found: models.PageVirtualMeter = self.answer(
            "GET",
            "/virtual-meters",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def create_virtual_meter(
        self,
        body: models.NewVirtualMeterBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.VirtualMeter:
        """Make a virtual meter of a site's meters, or of a customer's."""
        found: models.VirtualMeter = self.answer(
            "POST",
            "/virtual-meters",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_virtual_meter(
        self,
        reference: str,
    ) -> models.VirtualMeter:
        """One virtual meter by id or code."""
        found: models.VirtualMeter = self.answer(
            "GET",
            f"/virtual-meters/{self.quoted(reference)}",
        )
        return found

    def replace_virtual_meter(
        self,
        reference: str,
        body: models.VirtualMeterBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.VirtualMeter:
        """Replace the names and all terms of a virtual meter."""
        found: models.VirtualMeter = self.answer(
            "PUT",
            f"/virtual-meters/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_virtual_meter_energy(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> models.VirtualEnergy:
        """Energy by interval of [from, to): missing where a term is missing, and as good as the worst."""
        found: models.VirtualEnergy = self.answer(
            "GET",
            f"/virtual-meters/{self.quoted(reference)}/energy",
            query={"from": from_, "to": to, "step": step, "tz": tz, "register": register},
        )
        return found

    def get_virtual_meter_load(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
    ) -> models.VirtualLoad:
        """Mean power by interval of [from, to), from the energy of the terms."""
        found: models.VirtualLoad = self.answer(
            "GET",
            f"/virtual-meters/{self.quoted(reference)}/load",
            query={"from": from_, "to": to, "step": step, "tz": tz},
        )
        return found

    def list_site_shifts(
        self,
        reference: str,
    ) -> models.ShiftPlanAnswer:
        """The three shifts of the site's day; a site without a plan has 00:00, 08:00 and 16:00."""
        found: models.ShiftPlanAnswer = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/shifts",
        )
        return found

    def replace_site_shift(
        self,
        reference: str,
        body: models.ShiftPlanBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ShiftPlanAnswer:
        """Put the site's plan; statistics by shift follow it, also for the past."""
        found: models.ShiftPlanAnswer = self.answer(
            "PUT",
            f"/sites/{self.quoted(reference)}/shifts",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_quality(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        limit: int | None = None,
        scope: str | None = None,
    ) -> models.Quality:
        """How much of what should be known is known, by interval and by meter."""
        found: models.Quality = self.answer(
            "GET",
            "/quality",
            query={"from": from_, "to": to, "step": step, "tz": tz, "limit": limit, "scope": scope},
        )
        return found

    def get_gateway_quality(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        limit: int | None = None,
    ) -> models.GatewayQuality:
        """A gateway's meters, and expected against received messages by its sequence numbers."""
        found: models.GatewayQuality = self.answer(
            "GET",
            f"/gateways/{self.quoted(reference)}/quality",
            query={"from": from_, "to": to, "step": step, "tz": tz, "limit": limit},
        )
        return found

    def list_quarantine(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        severity: Literal['refused', 'flagged'] | None = None,
        gateway: str | None = None,
        code: str | None = None,
    ) -> models.PageRefusal:
        """Refused and flagged messages and readings, the newest first, each with its reason."""
        found: models.PageRefusal = self.answer(
            "GET",
            "/quarantine",
            query={"limit": limit, "cursor": cursor, "severity": severity, "gateway": gateway, "code": code},
        )
        return found

    def create_quarantine_decision(
        self,
        body: models.QuarantineDecisionBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.QuarantineDecided:
        """Dismiss rows of the queue, have them read a second time, or open dismissed ones again."""
        found: models.QuarantineDecided = self.answer(
            "POST",
            "/quarantine-decisions",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_quarantine(
        self,
        quarantine_id: int | str,
    ) -> models.Refusal:
        """One refusal."""
        found: models.Refusal = self.answer(
            "GET",
            f"/quarantine/{self.quoted(quarantine_id)}",
        )
        return found

    def list_events(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['event_id', '-event_id', 'at', '-at'] | None = None,
        source: Literal['gateway', 'ledger'] | None = None,
        customer_id: int | None = None,
        site_id: int | None = None,
        meter_id: int | None = None,
        gateway: str | None = None,
        kind: str | None = None,
        from_: str | None = None,
        to: str | None = None,
    ) -> models.PageEvent:
        """Events of gateways, or of the ledger by `source=ledger`; the newest first by default."""
        found: models.PageEvent = self.answer(
            "GET",
            "/events",
            query={"limit": limit, "cursor": cursor, "sort": sort, "source": source, "customer_id": customer_id, "site_id": site_id, "meter_id": meter_id, "gateway": gateway, "kind": kind, "from": from_, "to": to},
        )
        return found

    def get_site_forecast(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        as_of: str | None = None,
    ) -> models.Forecast:
        """The best that was known of each interval: today's update, else day ahead, else week ahead."""
        found: models.Forecast = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/forecast",
            query={"from": from_, "to": to, "as_of": as_of},
        )
        return found

    def get_customer_forecast(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        as_of: str | None = None,
    ) -> models.Forecast:
        """As of a site, for all sites of the customer together: not the sum of the sites' bands."""
        found: models.Forecast = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/forecast",
            query={"from": from_, "to": to, "as_of": as_of},
        )
        return found

    def list_site_forecast_issues(
        self,
        reference: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: Literal['day_ahead', 'week_ahead', 'today'] | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        as_of: str | None = None,
    ) -> models.PageForecastIssue:
        """Everything that was said of a site, the newest first: when, by which model, and why."""
        found: models.PageForecastIssue = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/forecast/issues",
            query={"limit": limit, "cursor": cursor, "kind": kind, "first_day": first_day, "last_day": last_day, "as_of": as_of},
        )
        return found

    def list_customer_forecast_issues(
        self,
        reference: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: Literal['day_ahead', 'week_ahead', 'today'] | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        as_of: str | None = None,
    ) -> models.PageForecastIssue:
        """Everything that was said of a customer as a whole, the newest first."""
        found: models.PageForecastIssue = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/forecast/issues",
            query={"limit": limit, "cursor": cursor, "kind": kind, "first_day": first_day, "last_day": last_day, "as_of": as_of},
        )
        return found

    def get_forecast(
        self,
        forecast_id: int | str,
    ) -> models.PastForecast:
        """One forecast with its curve, exactly as it was said."""
        found: models.PastForecast = self.answer(
            "GET",
            f"/forecasts/{self.quoted(forecast_id)}",
        )
        return found

    def get_site_forecast_month(
        self,
        reference: str,
        *,
        month: str | None = None,
        as_of: str | None = None,
    ) -> models.MonthLanding:
        """Where the month's energy and peak land, and the chance of exceeding the contract demand."""
        found: models.MonthLanding = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/forecast/month",
            query={"month": month, "as_of": as_of},
        )
        return found

    def get_customer_forecast_month(
        self,
        reference: str,
        *,
        month: str | None = None,
        as_of: str | None = None,
    ) -> models.MonthLanding:
        """The same for all sites of a customer together."""
        found: models.MonthLanding = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/forecast/month",
            query={"month": month, "as_of": as_of},
        )
        return found

    def get_site_forecast_scorecard(
        self,
        reference: str,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        kind: Literal['day_ahead', 'week_ahead', 'today'] | None = None,
        lead_days: int | None = None,
    ) -> models.ScoreCard:
        """Errors, coverage, bias by lead and skill of a site's forecasts over finished days."""
        found: models.ScoreCard = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/forecast/scorecard",
            query={"first_day": first_day, "last_day": last_day, "kind": kind, "lead_days": lead_days},
        )
        return found

    def get_customer_forecast_scorecard(
        self,
        reference: str,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        kind: Literal['day_ahead', 'week_ahead', 'today'] | None = None,
        lead_days: int | None = None,
    ) -> models.ScoreCard:
        """The same of a customer's sites together."""
        found: models.ScoreCard = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/forecast/scorecard",
            query={"first_day": first_day, "last_day": last_day, "kind": kind, "lead_days": lead_days},
        )
        return found

    def get_forecast_scorecard(
        self,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        kind: Literal['day_ahead', 'week_ahead', 'today'] | None = None,
        lead_days: int | None = None,
    ) -> models.PortfolioScore:
        """The mean card of all sites that you see, and each site's, the worst skill first."""
        found: models.PortfolioScore = self.answer(
            "GET",
            "/forecast-scorecard",
            query={"first_day": first_day, "last_day": last_day, "kind": kind, "lead_days": lead_days},
        )
        return found

    def create_site_forecast_what_if(
        self,
        reference: str,
        body: models.WhatIfBody,
    ) -> models.WhatIf:
        """Try a change on the forecast as it stands; nothing is stored."""
        found: models.WhatIf = self.answer(
            "POST",
            f"/sites/{self.quoted(reference)}/forecast/what-if",
            body=body,
        )
        return found

    def get_site_weather(
        self,
        reference: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        as_of: str | None = None,
    ) -> models.Weather:
        """Temperatures of [from, to): measured where they were by `as_of`, else as foreseen last."""
        found: models.Weather = self.answer(
            "GET",
            f"/sites/{self.quoted(reference)}/weather",
            query={"from": from_, "to": to, "as_of": as_of},
        )
        return found

    def list_production_days(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        customer_id: int | None = None,
        site_id: int | None = None,
        withdrawn: bool | None = None,
    ) -> models.PageProductionDay:
        """Entries of calendars by id; with `withdrawn` also those that no longer stand."""
        found: models.PageProductionDay = self.answer(
            "GET",
            "/production-days",
            query={"limit": limit, "cursor": cursor, "customer_id": customer_id, "site_id": site_id, "withdrawn": withdrawn},
        )
        return found

    def create_production_day(
        self,
        body: models.NewProductionDayBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ProductionDay:
        """Add an entry; forecasts that are issued after it count it."""
        found: models.ProductionDay = self.answer(
            "POST",
            "/production-days",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_production_day(
        self,
        production_day_id: int | str,
    ) -> models.ProductionDay:
        """One entry, whether it still stands or was withdrawn."""
        found: models.ProductionDay = self.answer(
            "GET",
            f"/production-days/{self.quoted(production_day_id)}",
        )
        return found

    def replace_production_day(
        self,
        production_day_id: int | str,
        body: models.ProductionDayBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ProductionDay:
        """Withdraw the entry and make this one in its place, with an id of its own."""
        found: models.ProductionDay = self.answer(
            "PUT",
            f"/production-days/{self.quoted(production_day_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_production_day(
        self,
        production_day_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ProductionDay:
        """Take an entry out of force; what was forecast by it stays said."""
        found: models.ProductionDay = self.answer(
            "DELETE",
            f"/production-days/{self.quoted(production_day_id)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_customer_production_calendar(
        self,
        reference: str,
    ) -> models.ProductionCalendar:
        """A customer's entries that stand, and of which years no holiday plan is published yet."""
        found: models.ProductionCalendar = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/production-calendar",
        )
        return found

    def list_exports_forecasts(
        self,
        *,
        scope: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        as_of: str | None = None,
        format: Literal['csv', 'xlsx', 'parquet', 'arrow'] | None = None,
    ) -> Iterator[bytes]:
        """A row a site and interval of [from, to), by the best that stood at `as_of`."""
        return self.stream(
            "GET",
            "/exports/forecasts",
            query={"scope": scope, "from": from_, "to": to, "as_of": as_of, "format": format},
        )

    def list_saving_measures(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        customer_id: int | None = None,
        site_id: int | None = None,
        status: Literal['proposed', 'planned', 'implemented', 'verified', 'rejected'] | None = None,
    ) -> models.PageSavingMeasure:
        """Measures by id."""
        found: models.PageSavingMeasure = self.answer(
            "GET",
            "/saving-measures",
            query={"limit": limit, "cursor": cursor, "customer_id": customer_id, "site_id": site_id, "status": status},
        )
        return found

    def create_saving_measure(
        self,
        body: models.NewSavingMeasureBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.SavingMeasure:
        """Propose a measure, or note one that was implemented."""
        found: models.SavingMeasure = self.answer(
            "POST",
            "/saving-measures",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_saving_measure(
        self,
        measure_id: int | str,
    ) -> models.SavingMeasure:
        """One measure."""
        found: models.SavingMeasure = self.answer(
            "GET",
            f"/saving-measures/{self.quoted(measure_id)}",
        )
        return found

    def replace_saving_measure(
        self,
        measure_id: int | str,
        body: models.SavingMeasureBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.SavingMeasure:
        """Say anew what the measure is; what was judged of it stays as it was judged."""
        found: models.SavingMeasure = self.answer(
            "PUT",
            f"/saving-measures/{self.quoted(measure_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_saving_measure_verifications(
        self,
        measure_id: int | str,
    ) -> models.PageSavingVerification:
        """What was judged of the measure, newest first; the last fifty."""
        found: models.PageSavingVerification = self.answer(
            "GET",
            f"/saving-measures/{self.quoted(measure_id)}/verifications",
        )
        return found

    def create_saving_measure_verification(
        self,
        measure_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.SavingVerification:
        """Judge the measure by what is known now, and keep the judgement."""
        found: models.SavingVerification = self.answer(
            "POST",
            f"/saving-measures/{self.quoted(measure_id)}/verifications",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_saving_measure_events(
        self,
        measure_id: int | str,
    ) -> models.PageNonRoutineEventAnswer:
        """What else moved the load, by first day: flagged by the last verification, or declared."""
        found: models.PageNonRoutineEventAnswer = self.answer(
            "GET",
            f"/saving-measures/{self.quoted(measure_id)}/events",
        )
        return found

    def create_saving_measure_event(
        self,
        measure_id: int | str,
        body: models.DeclaredEventBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.NonRoutineEventAnswer:
        """Tell of an event that you know of; the next verification counts it."""
        found: models.NonRoutineEventAnswer = self.answer(
            "POST",
            f"/saving-measures/{self.quoted(measure_id)}/events",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def replace_non_routine_event(
        self,
        event_id: int | str,
        body: models.EventDecisionBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.NonRoutineEventAnswer:
        """Confirm or dismiss an event; the next verification counts it so."""
        found: models.NonRoutineEventAnswer = self.answer(
            "PUT",
            f"/non-routine-events/{self.quoted(event_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_customer_verified_savings(
        self,
        reference: str,
    ) -> models.VerifiedSavingsList:
        """What is proven of the customer's measures, each by its newest verification."""
        found: models.VerifiedSavingsList = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/verified-savings",
        )
        return found

    def list_opportunities(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['money', '-money', 'energy_kwh', '-energy_kwh', 'opportunity_id', '-opportunity_id', 'first_found_at', '-first_found_at', 'code', '-code', 'status', '-status'] | None = None,
        customer_id: int | None = None,
        site_id: int | None = None,
        code: str | None = None,
        status: Literal['new', 'accepted', 'proposed', 'measure', 'rejected', 'done'] | None = None,
        gone: bool | None = None,
    ) -> models.PageOpportunityAnswer:
        """What could be saved where, what is worth most first."""
        found: models.PageOpportunityAnswer = self.answer(
            "GET",
            "/opportunities",
            query={"limit": limit, "cursor": cursor, "sort": sort, "customer_id": customer_id, "site_id": site_id, "code": code, "status": status, "gone": gone},
        )
        return found

    def get_opportunitie(
        self,
        opportunity_id: int | str,
    ) -> models.OpportunityAnswer:
        """One opportunity with its evidence."""
        found: models.OpportunityAnswer = self.answer(
            "GET",
            f"/opportunities/{self.quoted(opportunity_id)}",
        )
        return found

    def change_opportunitie(
        self,
        opportunity_id: int | str,
        body: models.OpportunityChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.OpportunityAnswer:
        """Change its status, its owner or its note; what is not sent stays."""
        found: models.OpportunityAnswer = self.answer(
            "PATCH",
            f"/opportunities/{self.quoted(opportunity_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def create_opportunitie_measure(
        self,
        opportunity_id: int | str,
        body: models.MeasureFromOpportunity,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.OpportunityAnswer:
        """Make it a measure of its site, whose savings are verified once it is implemented."""
        found: models.OpportunityAnswer = self.answer(
            "POST",
            f"/opportunities/{self.quoted(opportunity_id)}/measure",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_customer_prices(
        self,
        reference: str,
    ) -> models.PricesAnswer:
        """The customer's prices, oldest first; without any, money is not reckoned."""
        found: models.PricesAnswer = self.answer(
            "GET",
            f"/customers/{self.quoted(reference)}/prices",
        )
        return found

    def replace_customer_price(
        self,
        reference: str,
        body: models.PricesBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.PricesAnswer:
        """Put this list in the place of the customer's prices."""
        found: models.PricesAnswer = self.answer(
            "PUT",
            f"/customers/{self.quoted(reference)}/prices",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_export(
        self,
        table: Literal['readings', 'load', 'energy', 'quality'] | str,
        *,
        from_: str | None = None,
        to: str | None = None,
        step: Literal['1m', 'PT1M', '5m', 'PT5M', '15m', 'PT15M', '30m', 'PT30M', '1h', 'PT1H', '1d', 'P1D', '1w', 'P1W', '1mo', 'P1M', '1y', 'P1Y'] | None = None,
        tz: str | None = None,
        scope: str | None = None,
        format: Literal['csv', 'xlsx', 'parquet', 'arrow'] | None = None,
        register: Literal['imp', 'exp', 'q1', 'q2', 'q3', 'q4', 'rimp', 'rexp'] | None = None,
    ) -> Iterator[bytes]:
        """A row a meter and interval (or reading) of [from, to); units stand in the columns' names."""
        return self.stream(
            "GET",
            f"/exports/{self.quoted(table)}",
            query={"from": from_, "to": to, "step": step, "tz": tz, "scope": scope, "format": format, "register": register},
        )

    def get_live(
        self,
        *,
        scope: str | None = None,
    ) -> Iterator[bytes]:
        """The newest values as they come in, within a second or two of their being published."""
        return self.stream(
            "GET",
            "/live",
            query={"scope": scope},
        )

    def get_site_live(
        self,
        reference: str,
    ) -> Iterator[bytes]:
        """The newest values of a site's meters as they come in."""
        return self.stream(
            "GET",
            f"/sites/{self.quoted(reference)}/live",
        )

    def list_webhooks(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageWebhook:
        """Webhooks by id."""
        found: models.PageWebhook = self.answer(
            "GET",
            "/webhooks",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def create_webhook(
        self,
        body: models.NewWebhook,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.WebhookWithSecret:
        """Register a webhook; the secret is told now and never again."""
        found: models.WebhookWithSecret = self.answer(
            "POST",
            "/webhooks",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_webhook(
        self,
        webhook_id: int | str,
    ) -> models.Webhook:
        """One webhook."""
        found: models.Webhook = self.answer(
            "GET",
            f"/webhooks/{self.quoted(webhook_id)}",
        )
        return found

    def change_webhook(
        self,
        webhook_id: int | str,
        body: models.WebhookChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Webhook:
        """Change what is sent of a webhook, or let it be told of nothing for a while."""
        found: models.Webhook = self.answer(
            "PATCH",
            f"/webhooks/{self.quoted(webhook_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_webhook(
        self,
        webhook_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Webhook:
        """Remove a webhook, with what is still to be told to it; answers with what it was."""
        found: models.Webhook = self.answer(
            "DELETE",
            f"/webhooks/{self.quoted(webhook_id)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def create_webhook_secret(
        self,
        webhook_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.WebhookWithSecret:
        """Give a webhook a new secret; the old one signs nothing any more."""
        found: models.WebhookWithSecret = self.answer(
            "POST",
            f"/webhooks/{self.quoted(webhook_id)}/secret",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def create_webhook_test(
        self,
        webhook_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.WebhookTest:
        """Call a webhook with an event of the kind `test`, even a disabled one; see deliveries."""
        found: models.WebhookTest = self.answer(
            "POST",
            f"/webhooks/{self.quoted(webhook_id)}/test",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_webhook_deliveries(
        self,
        webhook_id: int | str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageWebhookDelivery:
        """What was told in the last 30 days, the newest first, with every call that was made."""
        found: models.PageWebhookDelivery = self.answer(
            "GET",
            f"/webhooks/{self.quoted(webhook_id)}/deliveries",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def list_reports_kinds(
        self,
    ) -> models.ReportKinds:
        """The kinds of reports that there are."""
        found: models.ReportKinds = self.answer(
            "GET",
            "/reports/kinds",
        )
        return found

    def list_reports(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        sort: Literal['report_id', '-report_id', 'month', '-month'] | None = None,
        kind: str | None = None,
        customer_id: int | None = None,
        month: str | None = None,
    ) -> models.PageReport:
        """The archive, the newest first."""
        found: models.PageReport = self.answer(
            "GET",
            "/reports",
            query={"limit": limit, "cursor": cursor, "sort": sort, "kind": kind, "customer_id": customer_id, "month": month},
        )
        return found

    def create_report(
        self,
        body: models.NewReport,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.Report:
        """Make a report and archive it; the one that is known as of the same instant, if there is."""
        found: models.Report = self.answer(
            "POST",
            "/reports",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_report(
        self,
        report_id: int | str,
    ) -> models.Report:
        """One report."""
        found: models.Report = self.answer(
            "GET",
            f"/reports/{self.quoted(report_id)}",
        )
        return found

    def get_report_file(
        self,
        report_id: int | str,
        *,
        format: Literal['html', 'pdf', 'xlsx'] | None = None,
        language: Literal['en', 'zh', 'both'] | None = None,
    ) -> Iterator[bytes]:
        """The report as a file, rendered from the archived document: always the same."""
        return self.stream(
            "GET",
            f"/reports/{self.quoted(report_id)}/file",
            query={"format": format, "language": language},
        )

    def list_report_deliveries(
        self,
        report_id: int | str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageReportDelivery:
        """To whom the report went, the newest first."""
        found: models.PageReportDelivery = self.answer(
            "GET",
            f"/reports/{self.quoted(report_id)}/deliveries",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def create_report_deliverie(
        self,
        report_id: int | str,
        body: models.ReportMail,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ReportSent:
        """Mail the report to these addresses; each try is noted."""
        found: models.ReportSent = self.answer(
            "POST",
            f"/reports/{self.quoted(report_id)}/deliveries",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def list_report_schedules(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.PageReportSchedule:
        """Schedules by id."""
        found: models.PageReportSchedule = self.answer(
            "GET",
            "/report-schedules",
            query={"limit": limit, "cursor": cursor},
        )
        return found

    def create_report_schedule(
        self,
        body: models.NewReportSchedule,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ReportSchedule:
        """Have a report made every month, on the morning of a day, and sent."""
        found: models.ReportSchedule = self.answer(
            "POST",
            "/report-schedules",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_report_schedule(
        self,
        report_schedule_id: int | str,
    ) -> models.ReportSchedule:
        """One schedule."""
        found: models.ReportSchedule = self.answer(
            "GET",
            f"/report-schedules/{self.quoted(report_schedule_id)}",
        )
        return found

    def change_report_schedule(
        self,
        report_schedule_id: int | str,
        body: models.ReportScheduleChange,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ReportSchedule:
        """Change what is sent of a schedule, or stop it for a while."""
        found: models.ReportSchedule = self.answer(
            "PATCH",
            f"/report-schedules/{self.quoted(report_schedule_id)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_report_schedule(
        self,
        report_schedule_id: int | str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.ReportSchedule:
        """Remove a schedule; what it made stays in the archive. Answers with what it was."""
        found: models.ReportSchedule = self.answer(
            "DELETE",
            f"/report-schedules/{self.quoted(report_schedule_id)}",
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_me(
        self,
    ) -> models.Me:
        """Who the credentials are of, what they see and what they may do."""
        found: models.Me = self.answer(
            "GET",
            "/me",
        )
        return found

    def replace_me(
        self,
        body: models.MeBody,
    ) -> models.Me:
        """Choose the language of the pages and of refusals."""
        found: models.Me = self.answer(
            "PUT",
            "/me",
            body=body,
        )
        return found

    def create_me_password(
        self,
        body: models.OwnPasswordBody,
    ) -> None:
        """Change one's own password; ends all other sessions."""
        self.answer(
            "POST",
            "/me/password",
            body=body,
        )

    def list_me_sessions(
        self,
    ) -> models.SessionList:
        """Where one is signed in, the last used first."""
        found: models.SessionList = self.answer(
            "GET",
            "/me/sessions",
        )
        return found

    def delete_me_session(
        self,
        session_id: int | str,
    ) -> None:
        """End one of one's own sessions, wherever it is."""
        self.answer(
            "DELETE",
            f"/me/sessions/{self.quoted(session_id)}",
        )

    def list_users(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        role: Literal['admin', 'operator', 'account_manager', 'facility_manager', 'auditor', 'integrator'] | None = None,
        enabled: bool | None = None,
    ) -> models.PageUserAnswer:
        """Users by id, disabled ones too."""
        found: models.PageUserAnswer = self.answer(
            "GET",
            "/users",
            query={"limit": limit, "cursor": cursor, "role": role, "enabled": enabled},
        )
        return found

    def create_user(
        self,
        body: models.NewUserBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.UserAnswer:
        """Add a user."""
        found: models.UserAnswer = self.answer(
            "POST",
            "/users",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def get_user(
        self,
        reference: str,
    ) -> models.UserAnswer:
        """One user by id or name."""
        found: models.UserAnswer = self.answer(
            "GET",
            f"/users/{self.quoted(reference)}",
        )
        return found

    def replace_user(
        self,
        reference: str,
        body: models.UserBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.UserAnswer:
        """Change a user: role, scope, language; disabling ends all sessions and tokens at once."""
        found: models.UserAnswer = self.answer(
            "PUT",
            f"/users/{self.quoted(reference)}",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def create_user_password(
        self,
        reference: str,
        body: models.PasswordBody,
    ) -> None:
        """Give a user a new password; ends all sessions."""
        self.answer(
            "POST",
            f"/users/{self.quoted(reference)}/password",
            body=body,
        )

    def delete_user_second_step(
        self,
        reference: str,
    ) -> None:
        """Forget a user's lost authenticator app and recovery codes."""
        self.answer(
            "DELETE",
            f"/users/{self.quoted(reference)}/second-step",
        )

    def list_tokens(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        user: str | None = None,
    ) -> models.PageTokenAnswer:
        """One's own tokens by id, or another user's; revoked and expired ones too."""
        found: models.PageTokenAnswer = self.answer(
            "GET",
            "/tokens",
            query={"limit": limit, "cursor": cursor, "user": user},
        )
        return found

    def create_token(
        self,
        body: models.TokenBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> models.NewToken:
        """Make a token for oneself, while signed in; its secret is in this answer and nowhere else."""
        found: models.NewToken = self.answer(
            "POST",
            "/tokens",
            body=body,
            headers={"idempotency-key": idempotency_key, "if-match": if_match},
        )
        return found

    def delete_token(
        self,
        token_id: int | str,
    ) -> None:
        """Revoke a token: one's own, or anybody's for those who manage users. It stays in the list."""
        self.answer(
            "DELETE",
            f"/tokens/{self.quoted(token_id)}",
        )

    def list_audit(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        user: str | None = None,
        action: str | None = None,
        kind: str | None = None,
        subject: str | None = None,
        address: str | None = None,
        from_: str | None = None,
        to: str | None = None,
    ) -> models.PageAuditEntry:
        """Who did what, the newest first: logins, exports, and every change with before and after."""
        found: models.PageAuditEntry = self.answer(
            "GET",
            "/audit",
            query={"limit": limit, "cursor": cursor, "user": user, "action": action, "kind": kind, "subject": subject, "address": address, "from": from_, "to": to},
        )
        return found

    def get_health(
        self,
    ) -> models.Health:
        """What works, and how old the newest data is. Needs no credentials."""
        found: models.Health = self.answer(
            "GET",
            "/health",
        )
        return found
