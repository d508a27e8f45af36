"""How many of something may be under way at once, in all and for each user."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True, kw_only=True)
class Slots:
    """`most` in all, `most_each` for one user; whoever takes one gives it back."""

    most: int
    most_each: int
    _taken: Counter[int] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def take(self, user_id: int) -> bool:
        """Take a slot; False where all are taken, or all of this user's."""
        with self._lock:
            if self._taken.total() >= self.most or self._taken[user_id] >= self.most_each:
                return False
            self._taken[user_id] += 1
            return True

    def give_back(self, user_id: int) -> None:
        """Give a slot back."""
        with self._lock:
            self._taken[user_id] -= 1
            if self._taken[user_id] <= 0:
                del self._taken[user_id]
