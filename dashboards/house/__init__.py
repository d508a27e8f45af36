"""Panels in the style of the house: what is the same on every board is said here once."""
