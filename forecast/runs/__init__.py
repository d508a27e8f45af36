"""Forecasts of everybody: gathered from storage, reckoned, kept as they were said."""
