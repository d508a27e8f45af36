"""What is left of the load after the findings so far, so that nothing is saved twice."""

from __future__ import annotations

import numpy as np

from forecast.opportunities.premises import Circuit, Grid, Premises


class Residual:
    """The load of each circuit, the peaks and the capacity, less what earlier rules took away."""

    def __init__(self, premises: Premises) -> None:
        self.premises = premises
        self._power = {circuit.number: circuit.power_kw.copy() for circuit in premises.circuits}
        self._cut = np.zeros_like(premises.power_kw)
        self.peak_cut_kw = 0.0
        self.transformer_kva = premises.transformer_kva

    def power_kw(self, circuit: Circuit) -> Grid:
        """What is left of a circuit's load."""
        return self._power[circuit.number]

    def total_kw(self) -> Grid:
        """What is left of the site's load."""
        return self.premises.power_kw - self._cut

    def take(self, circuit: Circuit, saved_kw: Grid) -> None:
        """Take away what a finding saves; unknown quarters save nothing."""
        saved = np.nan_to_num(saved_kw)
        self._power[circuit.number] = self._power[circuit.number] - saved
        self._cut += saved

    def take_part(self, circuit: Circuit, share_ratio: float) -> None:
        """Take away a part of a circuit's load at all times."""
        self.take(circuit, self.power_kw(circuit) * share_ratio)
