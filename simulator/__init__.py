"""Stands in for the hardware: premises, meters and gateways with known truth."""
