"""How a meter's register history goes on, reading by reading.

The labels and offsets that come out depend on the readings and the declared exchanges alone, taken
in the order of time: not on the batches in which they arrive. So a history can be judged again from
any settled reading on, and gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from loadstone.domain.quantities import REGISTERS
from loadstone.domain.refusal import Refusal
from loadstone.domain.registers import (
    UNTRUSTED,
    Epoch,
    Exchange,
    RegisterLimits,
    RegisterPoint,
    combined,
    grown,
    no_offsets,
    offending,
    rollover_modulus,
    usual_moduli_wh,
)

CONFIRMING_READINGS = 3
_GO_ON = ("first", "rollover")  # epochs that begin without another register in the meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Readings of [from_ms, to_ms] labelled `was` get the label `epoch`; `why` if not trusted."""

    from_ms: int
    to_ms: int
    epoch: int
    was: int | None = None
    why: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Readings in a row that contradict the register, but not each other.

    `first` holds the first value of each register, `newest` the newest.
    """

    first: RegisterPoint
    newest: RegisterPoint
    count: int = 1


@dataclass(slots=True, kw_only=True)
class RegisterTrack:
    """The end of one meter's register history, to which readings are added in time order."""

    limits: RegisterLimits
    epochs: list[Epoch] = field(default_factory=list)
    last: RegisterPoint | None = None
    suspects: Suspects | None = None
    exchange_ms: int = 0  # the latest declared exchange, whether it was taken or not
    changed: bool = False

    @property
    def epoch(self) -> int:
        """The number of the current epoch; 0 before the first reading."""
        return self.epochs[-1].number if self.epochs else 0

    @property
    def declared_epoch(self) -> int | None:
        """The gateway's own number of the current register, if it ever gave one."""
        return self.epochs[-1].declared_epoch if self.epochs else None

    @property
    def horizon_ms(self) -> int:
        """The newest instant that is known, or 0; what comes at or before it is late."""
        heard = self.suspects.newest if self.suspects is not None else self.last
        return max(self.exchange_ms, 0 if heard is None else heard.ts_ms)

    def unread(self) -> frozenset[int]:
        """Registers not read since the meter got another register: they may begin anew."""
        start = next((e.starts_ms for e in reversed(self.epochs) if e.reason not in _GO_ON), None)
        if start is None or self.last is None or self.last.read_ms is None:
            return frozenset()
        stamps = enumerate(zip(self.last.values, self.last.read_ms, strict=True))
        return frozenset(at for at, (v, ms) in stamps if v is not None and ms < start)

    def follow(self, point: RegisterPoint) -> list[Verdict]:
        """Judge one reading later than all before; also relabels readings judged too early."""
        if not self.epochs:
            self._open(point.ts_ms, "first", no_offsets(), point.declared_epoch)
        if self.last is None:
            return [self._take(point)]
        unread = self.unread()
        if self._newly_declared(point):
            return [self._declared(point)]
        if grown(self.last, point, self.limits, unread):
            return [self._take(point)]
        rolled = self._rolled(point, unread)
        if rolled is not None:
            self._open(point.ts_ms, "rollover", rolled)
            return [self._take(point)]
        return self._suspect(point, unread)

    def exchange(self, exchange: Exchange) -> Refusal | None:
        """Go over to another register; returns why not, when it contradicts the readings before.

        Registers that are not named in it begin anew with their next reading.
        """
        self.exchange_ms = exchange.ts_ms
        if not self.epochs:
            self._open(exchange.ts_ms, "first", no_offsets())
        closing = RegisterPoint(ts_ms=exchange.ts_ms, values=exchange.closing)
        base: tuple[int, ...] | None = self.epochs[-1].offsets
        if self.last is not None:
            unread = self.unread()
            wrong = offending(self.last, closing, self.limits, unread)
            if wrong is not None:
                base = self._rolled(closing, unread)
            if base is None and wrong is not None:
                return _bad_closing(*wrong)
        assert base is not None  # noqa: S101 - only lost together with a reason
        closed = combined(replace(closing, ts_ms=exchange.ts_ms - 1), self.last)
        offsets = tuple(
            offset if new is None or old is None else offset + old - new
            for offset, old, new in zip(base, closed.values, exchange.opening, strict=True)
        )
        self._open(exchange.ts_ms, "exchange", offsets)
        opening = RegisterPoint(ts_ms=exchange.ts_ms, values=exchange.opening)
        self.last, self.suspects = combined(opening, closed), None
        self._note_registers(opening.mask | closing.mask)
        return None

    def _take(self, point: RegisterPoint) -> Verdict:
        assert self.epochs  # noqa: S101 - opened before anything is taken
        if self.last is not None:
            unread = self.unread()
            if unread and not grown(self.last, point, self.limits):
                self._amend(point.ts_ms, self._restarted(point, only=unread))
        self.last = combined(point, self.last)
        self.suspects = None
        self._note_registers(point.mask)
        return Verdict(from_ms=point.ts_ms, to_ms=point.ts_ms, epoch=self.epoch)

    def _note_registers(self, mask: int) -> None:
        known = self.epochs[-1].registers
        if mask & ~known:
            self.epochs[-1] = replace(self.epochs[-1], registers=known | mask)
            self.changed = True

    def _amend(self, ts_ms: int, offsets: tuple[int, ...]) -> None:
        """A register that had not been read yet is joined; until then the epoch is not settled."""
        if offsets != self.epochs[-1].offsets:
            self.epochs[-1] = replace(self.epochs[-1], offsets=offsets, confirmed_ms=ts_ms)
            self.changed = True

    def _open(
        self,
        starts_ms: int,
        reason: str,
        offsets: tuple[int, ...],
        declared: int | None = None,
        *,
        confirmed_ms: int | None = None,
    ) -> None:
        before = self.epochs[-1] if self.epochs else None
        self.epochs.append(
            Epoch(
                number=before.number + 1 if before else 0,
                starts_ms=starts_ms,
                offsets=offsets,
                reason=reason,
                confirmed_ms=starts_ms if confirmed_ms is None else confirmed_ms,
                declared_epoch=before.declared_epoch if before and declared is None else declared,
                registers=before.registers if before else 0,
            )
        )
        self.changed = True

    def _newly_declared(self, point: RegisterPoint) -> bool:
        """Whether the gateway says that a new register begins; its numbers only grow."""
        known, said = self.declared_epoch, point.declared_epoch
        if said is None or (known is not None and said <= known):
            return False
        if known is None or self.awaits_number():
            self.epochs[-1] = replace(self.epochs[-1], declared_epoch=said)
            self.changed = True
            return False
        return True

    def awaits_number(self) -> bool:
        """Whether the register is new by a declared exchange that has no number of its own yet."""
        if not self.epochs:
            return False
        now = self.epochs[-1]
        before = self.epochs[-2].declared_epoch if len(self.epochs) > 1 else None
        return now.reason == "exchange" and now.declared_epoch == before

    def _declared(self, point: RegisterPoint) -> Verdict:
        """Its readings tell how a register that was declared new goes on."""
        self._open(point.ts_ms, "declared", self._restarted(point), point.declared_epoch)
        self.last, last = None, self.last
        verdict = self._take(point)
        self.last = combined(point, last)
        return verdict

    def _rolled(self, after: RegisterPoint, exempt: frozenset[int]) -> tuple[int, ...] | None:
        """Offsets after a rollover of every register that fell; None if one fell otherwise."""
        assert self.last is not None  # noqa: S101 - only asked once there is a history
        offsets = list(self.epochs[-1].offsets)
        for at, (old, new) in enumerate(zip(self.last.values, after.values, strict=True)):
            if old is None or new is None or at in exempt:
                continue
            most = self.limits.most_wh(after.read_at(at) - self.last.read_at(at))
            if 0 <= new - old <= most:
                continue
            limits = self.limits_of(at)
            modulus = rollover_modulus(old, new, limits, most) if new < old else None
            if modulus is None:
                return None
            offsets[at] += modulus
        return tuple(offsets)

    def limits_of(self, register: int) -> RegisterLimits:
        """The limits, with the modulus that the meter has shown where the registry has none."""
        if self.limits.modulus_wh is not None:
            return self.limits
        for before, epoch in zip(self.epochs[-2::-1], self.epochs[:0:-1], strict=True):
            if epoch.reason != "rollover":
                break
            shown = epoch.offsets[register] - before.offsets[register]
            if shown in usual_moduli_wh(self.limits.ratio):
                return replace(self.limits, modulus_wh=shown)
        return self.limits

    def _restarted(
        self, first: RegisterPoint, *, only: frozenset[int] | None = None
    ) -> tuple[int, ...]:
        """Offsets for registers that begin anew at `first`: counted from zero where that can be.

        A register that restarts at more than the gap can have brought had an unknown opening value:
        it is taken to have been `first` itself. One that simply goes on does.
        """
        assert self.last is not None  # noqa: S101 - only asked once there is a history
        offsets = list(self.epochs[-1].offsets)
        for at, (old, new) in enumerate(zip(self.last.values, first.values, strict=True)):
            if old is None or new is None or (only is not None and at not in only):
                continue
            most = self.limits.most_wh(first.read_at(at) - self.last.read_at(at))
            if not 0 <= new - old <= most:
                offsets[at] += old if new < old and new <= most else old - new
        return tuple(offsets)

    def _suspect(self, point: RegisterPoint, unread: frozenset[int]) -> list[Verdict]:
        run = self.suspects
        if run is not None and grown(run.newest, point, self.limits):
            run = Suspects(
                first=combined(run.first, point),
                newest=combined(point, run.newest),
                count=run.count + 1,
            )
        else:
            run = Suspects(first=point, newest=point)
        self.suspects = run
        if _confirmed(run):
            return self._believe(run, unread)
        return [self._doubt(point, unread)]

    def _doubt(self, point: RegisterPoint, unread: frozenset[int]) -> Verdict:
        assert self.last is not None  # noqa: S101 - a suspect needs something it contradicts
        wrong = offending(self.last, point, self.limits, unread)
        assert wrong is not None  # noqa: S101 - as above
        at, old, new = wrong
        why = Refusal(
            code="register_break" if new < old else "register_jump",
            field=REGISTERS[at].field,
            value=f"{new / 1000:.12g}",
            rule=(
                f"after {old / 1000:.12g} the register may neither fall nor grow by more than the "
                "rated power allows; kept, but not counted until later readings confirm it"
            ),
            severity="flagged",
        )
        return Verdict(from_ms=point.ts_ms, to_ms=point.ts_ms, epoch=UNTRUSTED, why=why)

    def _believe(self, run: Suspects, unread: frozenset[int]) -> list[Verdict]:
        """Enough later readings agree with each other: the register did begin anew."""
        assert self.last is not None  # noqa: S101 - a suspect needs something it contradicts
        wrong = offending(self.last, run.first, self.limits, unread)
        fell = wrong is None or wrong[2] < wrong[1]
        self._open(
            run.first.ts_ms,
            "reset" if fell else "jump",
            self._restarted(run.first),
            confirmed_ms=run.newest.ts_ms,
        )
        self.last, self.suspects = combined(run.newest, self.last), None
        self._note_registers(run.newest.mask)
        return [
            Verdict(
                from_ms=run.first.ts_ms,
                to_ms=run.newest.ts_ms - 1,
                epoch=self.epoch,
                was=UNTRUSTED,
            ),
            Verdict(from_ms=run.newest.ts_ms, to_ms=run.newest.ts_ms, epoch=self.epoch),
        ]


def _confirmed(run: Suspects) -> bool:
    """Whether this is a register that counts, not a value that a broken line repeats."""
    return run.count >= CONFIRMING_READINGS and any(
        old is not None and new is not None and new > old
        for old, new in zip(run.first.values, run.newest.values, strict=True)
    )


def _bad_closing(at: int, old: int, new: int) -> Refusal:
    return Refusal(
        code="exchange_contradicts",
        field=f"d.closing.{REGISTERS[at].field}",
        value=f"{new / 1000:.12g}",
        rule=(
            f"after {old / 1000:.12g} the register may neither fall nor grow by more than the "
            "rated power allows; the exchange was not taken"
        ),
        severity="flagged",
    )
