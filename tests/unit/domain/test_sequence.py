"""The ledger of numbered messages against a plain set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadstone.domain.sequence import SequenceLedger


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_the_ledger_counts_like_a_set(numbers: list[int]) -> None:
    ledger = SequenceLedger.begin(numbers[0])
    for number in numbers:
        ledger.note(number)
    seen = set(numbers)
    span = set(range(min(seen), max(seen) + 1))
    assert (ledger.first, ledger.last) == (min(seen), max(seen))
    assert ledger.received == len(seen)
    assert ledger.repeated == len(numbers) - len(seen)
    assert ledger.missing == len(span - seen)
    assert {n for low, high in ledger.gaps for n in range(low, high)} == span - seen
    assert ledger.gaps == sorted(ledger.gaps)
