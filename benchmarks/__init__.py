"""Measurements of Loadstone itself; run by `make bench`."""
