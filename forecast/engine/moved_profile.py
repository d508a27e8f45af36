"""The usual profile, moved by how far the last known day was from what was usual for its kind."""

from __future__ import annotations

import numpy as np

from forecast.engine.past import Past
from forecast.engine.profiles import Profiles
from forecast.quantiles import FloatArray, IntArray


def moved_profile(past: Past, profiles: Profiles, asked: IntArray) -> FloatArray:
    """[C, len(asked), S]: unlike the last day itself, it carries a level over a weekend.

    A day's kind is known for sure once it is over, so the day of issue is held against the kind
    that was expected of it.
    """
    lead = max(past.lead, 1)
    late = past.filled - profiles.of(profiles.observed_off)
    early = past.filled - profiles.of(profiles.off)
    usual = profiles.of(profiles.off)[:, asked]
    whole = late[:, np.maximum(asked - lead - 1, 0)]
    if past.lead:
        whole = np.where(past.early, early[:, np.maximum(asked - lead, 0)], whole)
    else:
        whole = late[:, np.maximum(asked - 1, 0)]
    return np.nan_to_num(usual + whole)
