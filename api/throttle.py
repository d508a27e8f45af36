"""Slowing down those who guess passwords, whether the user exists or not."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock


@dataclass(slots=True, kw_only=True)
class _Failures:
    count: int
    last_at: datetime


@dataclass(slots=True, kw_only=True)
class LoginThrottle:
    """Counts failed logins per name and address, and per address alone; forgets after `memory`.

    After `free` failures each further one doubles the wait, from one second up to `memory`. Kept
    in memory, of at most `most` keys: a restart forgives, and a flood cannot fill the machine.
    """

    free: int = 5
    free_per_address: int = 30
    memory: timedelta = timedelta(minutes=15)
    most: int = 10_000
    _failures: OrderedDict[tuple[str, ...], _Failures] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of_one(cls, processes: int) -> LoginThrottle:
        """That of one of so many processes, none of which knows the others' failures."""
        whole = cls()
        return cls(
            free=max(1, whole.free // processes),
            free_per_address=max(1, whole.free_per_address // processes),
        )

    def wait_s(self, name: str, address: str, now: datetime) -> int:
        """Whole seconds until the next try is looked at; 0 if it may be made now."""
        with self._lock:
            return max(
                self._wait_s((_folded(name), address), self.free, now),
                self._wait_s((address,), self.free_per_address, now),
            )

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Remember a failure."""
        with self._lock:
            for key in ((_folded(name), address), (address,)):
                known = self._failures.pop(key, None)
                count = known.count if known and now - known.last_at < self.memory else 0
                self._failures[key] = _Failures(count=count + 1, last_at=now)
            while len(self._failures) > self.most:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        with self._lock:
            self._failures.pop((_folded(name), address), None)

    def _wait_s(self, key: tuple[str, ...], free: int, now: datetime) -> int:
        known = self._failures.get(key)
        if known is None or known.count < free or now - known.last_at >= self.memory:
            return 0
        longest_s = int(self.memory.total_seconds())
        wait_s = min(1 << min(known.count - free, 20), longest_s)
        return max(0, wait_s - int((now - known.last_at).total_seconds()))


def _folded(name: str) -> str:
    return name.strip().casefold()[:200]
