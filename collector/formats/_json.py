"""What the JSON formats share: the envelope's rules and refusals that name the field."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from collector.topics import parse_up
from loadstone.domain.refusal import Refusal, UndecodableError
from loadstone.domain.time_bounds import EARLIEST_MS, LATEST_MS

ID_RULE = "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"

Id = Annotated[str, msgspec.Meta(pattern=ID_RULE)]
Ms = Annotated[int, msgspec.Meta(ge=EARLIEST_MS, le=LATEST_MS)]
Counter = Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]

Boot = Annotated[int, msgspec.Meta(ge=0, le=4_294_967_295)]

_AT = re.compile(r" - at `(?:key in )?\$\.?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"field `(?P<field>[^`]+)`")
_NOT_A_NUMBER = re.compile(rb":\s*-?(NaN|Infinity)")
_MISSING = object()


def check_gateway(topic: str, gateway: str) -> None:
    """Refuse a payload that names another gateway than its topic, on which alone it may speak."""
    spoken_on = parse_up(topic)
    if spoken_on is None or spoken_on.gateway != gateway:
        raise UndecodableError(
            Refusal(
                code="gateway_mismatch",
                field="gw",
                value=gateway,
                rule=f"the payload must name the gateway of its topic, {topic}",
            )
        )


Unreadable = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises for bytes that are not what it expects."""


def refusal_of(error: Exception, payload: bytes) -> Refusal:
    """Put a decoder's complaint as field, value and rule."""
    text = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return _not_json(text, payload)
    match = _AT.search(text)
    path = match["path"] if match else ""
    rule = text[: match.start()] if match else text
    named = _NAMED.search(rule)
    if named:
        path = f"{path}.{named['field']}".lstrip(".")
    if path.endswith("[...]"):
        path = _first_wrong(path.removesuffix("[...]"), payload)
    return Refusal(
        code="schema", field=path or "payload", value=_value_at(payload, path), rule=rule
    )


def _not_json(text: str, payload: bytes) -> Refusal:
    rule = f"not valid JSON: {text}"
    if _NOT_A_NUMBER.search(payload):
        rule += "; NaN and Infinity are no JSON numbers, send null for a failed reading"
    return Refusal(code="malformed_json", field="payload", value=_head(payload), rule=rule)


def _first_wrong(path: str, payload: bytes) -> str:
    """The member of an object of numbers that is none."""
    node = _node_at(payload, path)
    members = node if isinstance(node, dict) else {}
    wrong = (key for key, value in members.items() if isinstance(value, str | list | dict))
    return f"{path}.{next(wrong, '')}".rstrip(".")


def _head(payload: bytes) -> str:
    """The first bytes, readable: what is no text is shown as escapes."""
    text = payload[:60].decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _value_at(payload: bytes, path: str) -> str:
    """The offending value, as JSON of at most 120 characters; missing fields say so."""
    node = _node_at(payload, path)
    return "missing" if node is _MISSING else msgspec.json.encode(node).decode()[:120]


def _node_at(payload: bytes, path: str) -> object:
    try:
        node: object = msgspec.json.decode(payload)
    except Unreadable:  # what follows the fault may be no JSON at all
        return _MISSING
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
        else:
            return _MISSING
    return node
