"""Measures judged from what is stored: gathered, reckoned, and kept."""
