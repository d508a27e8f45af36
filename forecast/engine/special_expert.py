"""The expert on special days: an ordinary day's forecast and what corresponding days had on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.calendars.day_kinds import PAST_OCCASIONS
from forecast.engine.activity import PAST_WEIGHTS
from forecast.engine.past import Past
from forecast.engine.profiles import Profiles
from forecast.engine.special_days import SpecialDays, notable
from forecast.quantiles import BoolArray, FloatArray, IntArray

_PRIOR_REPEAT: Final = 0.9
_SEASON_AGE_DAYS: Final = 10
_SEASON_WEIGHT: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """What special days had on top of a base forecast."""

    base: FloatArray
    """[C, D, S]."""
    surplus: FloatArray
    """[C, D, S], as corresponding past days tell."""
    told: BoolArray
    """[C, D]."""


def ordinary_surplus(past: Past, profiles: Profiles, fitted: FloatArray) -> Surplus:
    """On top of what an ordinary day would have been: weather and level are already in that."""
    who, day = np.nonzero(past.near)
    total = np.zeros((len(who), past.filled.shape[2]), dtype=np.float32)
    mass = np.zeros(len(who))
    for back in range(PAST_OCCASIONS):
        there = np.maximum(past.alike[who, day, back], 0)
        usable = (past.alike[who, day, back] >= 0) & (there < day - past.lead)
        usable &= there >= past.first_known[who] + 42
        usable &= past.off[who, there] == past.off[who, day]
        usable &= profiles.off[who, there] == profiles.off[who, day]
        weight = np.where(usable, PAST_WEIGHTS[back], 0.0)
        total += weight[:, None] * (past.filled[who, there] - fitted[who, there])
        mass += weight
    surplus = np.zeros_like(past.filled)
    told = np.zeros_like(past.near)
    surplus[who, day] = total / np.maximum(mass, 1e-9)[:, None]
    told[who, day] = mass > 0
    return Surplus(base=fitted, surplus=surplus, told=told)


def special_expert(
    past: Past,
    profiles: Profiles,
    days: SpecialDays,
    ordinary: Surplus,
    asked: IntArray,
    noise_factor: float = 2.0,
) -> FloatArray:
    """[C, len(asked), S]: half from the ordinary day, half from the usual profile, if both know."""
    usual = Surplus(base=days.usual, surplus=days.difference, told=days.special)
    plain = profiles.of(profiles.off)[:, asked]
    second = _told(past, usual, notable(days), asked, noise_factor)
    first = _told(past, ordinary, notable(days) & ordinary.told, asked, noise_factor)
    found = np.where(ordinary.told[:, asked, None], 0.5 * (first + second), second)
    return np.nan_to_num(np.where(notable(days)[:, asked, None], found, plain))


def _told(
    past: Past, kind: Surplus, counted: BoolArray, asked: IntArray, noise_factor: float
) -> FloatArray:
    """Base and surplus, by the share that surpluses came true; those of this season count most."""
    error = np.nan_to_num(past.filled - kind.base)
    came = np.where(counted, (kind.surplus * error).sum(2), 0.0)
    size = np.where(counted, (kind.surplus**2).sum(2), 0.0)
    age = asked[:, None] - np.arange(past.filled.shape[1])[None]
    weight = np.where(age <= _SEASON_AGE_DAYS, _SEASON_WEIGHT, 0.5 * 0.5 ** ((age - 180) / 400.0))
    weight = np.where(age > past.lead, weight, 0.0)
    now = (kind.surplus[:, asked] ** 2).sum(2)
    prior = (
        _PRIOR_REPEAT * now / np.maximum(now + noise_factor * _noise(past, error)[:, None], 1e-9)
    )
    share = (prior * now + came @ weight.T) / np.maximum(now + size @ weight.T, 1e-9)
    told: FloatArray = (
        kind.base[:, asked] + np.clip(share, 0.0, 1.3)[..., None] * kind.surplus[:, asked]
    )
    return told


def _noise(past: Past, error: FloatArray) -> FloatArray:
    """[C]: squared error of a usual ordinary day, summed over its slots."""
    ordinary = ~past.near[:, : past.last_whole + 1]
    size = (error[:, : past.last_whole + 1] ** 2).sum(2)
    ordinary &= np.arange(size.shape[1])[None] >= past.first_known[:, None] + 42
    ranked = np.sort(np.where(ordinary, size, np.inf), axis=1)
    middle = np.maximum(ordinary.sum(1) // 2, 0)
    found = ranked[np.arange(len(ranked)), np.minimum(middle, ranked.shape[1] - 1)]
    return np.where(np.isfinite(found), found, 1.0)
