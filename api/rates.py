"""How many requests somebody may send: a bucket each, which fills steadily."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from threading import Lock
from time import monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiLimits:
    """What the API lets one caller do."""

    per_minute: int = 6000
    per_minute_unknown: int = 600
    streams: int = 200
    streams_each: int = 10
    exports: int = 4
    exports_each: int = 2

    def share(self, processes: int) -> ApiLimits:
        """What one of so many processes lets a caller do: each counts for itself; at least one."""
        return ApiLimits(**{name: max(1, most // processes) for name, most in asdict(self).items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whether a request may pass, and what is left; times in whole seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int
    wait_s: int


@dataclass(slots=True, kw_only=True)
class _Bucket:
    tokens: float
    at_s: float


@dataclass(slots=True, kw_only=True)
class RateBuckets:
    """A bucket for each key that holds `per_minute` requests and fills within a minute.

    Kept in memory, of at most `most` keys; the longest unused is forgotten first, and is full.
    """

    per_minute: int
    most: int = 20_000
    clock_s: Callable[[], float] = monotonic
    _buckets: OrderedDict[bytes, _Bucket] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: bytes) -> Allowance:
        """Take one request out of a bucket, if there is one in it."""
        now_s = self.clock_s()
        with self._lock:
            bucket = self._buckets.pop(key, None)
            if bucket is None:
                bucket = _Bucket(tokens=float(self.per_minute), at_s=now_s)
            self._buckets[key] = bucket
            if len(self._buckets) > self.most:
                self._buckets.popitem(last=False)
            per_s = self.per_minute / 60
            tokens = min(self.per_minute, bucket.tokens + (now_s - bucket.at_s) * per_s)
            allowed = tokens >= 1
            bucket.tokens, bucket.at_s = tokens - 1 if allowed else tokens, now_s
        return Allowance(
            allowed=allowed,
            limit=self.per_minute,
            remaining=math.floor(bucket.tokens),
            reset_s=math.ceil((self.per_minute - bucket.tokens) / per_s),
            wait_s=0 if allowed else max(1, math.ceil((1 - tokens) / per_s)),
        )
