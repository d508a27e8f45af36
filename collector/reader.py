"""Bytes become messages, or refusals that say why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collector.backlog import Delivery
from collector.formats import PayloadFormat
from collector.topics import parse_up
from loadstone.domain.messages import Arrival, Message
from loadstone.domain.refusal import Refusal, UndecodableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads each delivery by the format of its topic."""

    decoders: Mapping[str, Callable[[str, bytes], Message]]
    payload_limit_bytes: int

    @classmethod
    def of(cls, formats: Mapping[str, PayloadFormat], payload_limit_bytes: int) -> Reader:
        """A reader for formats whose topic filters end in the channel they read."""
        decoders = {f.topic_filter.rsplit("/", 1)[1]: f.decode for f in formats.values()}
        return cls(decoders=decoders, payload_limit_bytes=payload_limit_bytes)

    def read(self, delivery: Delivery) -> Arrival:
        """The message, or why there is none; never raises for what a payload holds."""
        message: Message | None = None
        refusal = self._too_large(delivery)
        if refusal is None:
            try:
                message = self._decode(delivery)
            except UndecodableError as error:
                refusal = error.refusal
            except (ValueError, RecursionError) as error:
                refusal = Refusal(
                    code="malformed_json", field="payload", rule=f"could not be read: {error}"
                )
        return Arrival(
            topic=delivery.topic,
            payload=delivery.payload,
            received_ms=delivery.received_ms,
            message=message,
            refusal=refusal,
        )

    def _decode(self, delivery: Delivery) -> Message:
        spoken_on = parse_up(delivery.topic)
        decode = self.decoders.get(spoken_on.channel) if spoken_on else None
        if decode is None:
            raise UndecodableError(
                Refusal(
                    code="unknown_topic",
                    field="topic",
                    value=delivery.topic,
                    rule="no format reads this topic",
                )
            )
        return decode(delivery.topic, delivery.payload)

    def _too_large(self, delivery: Delivery) -> Refusal | None:
        size = len(delivery.payload)
        if size <= self.payload_limit_bytes:
            return None
        return Refusal(
            code="payload_too_large",
            field="payload",
            value=f"{size} bytes",
            rule=f"a message may be at most {self.payload_limit_bytes} bytes; "
            "send fewer readings in each",
        )
