"""Correcting what was decided of a meter's registers, with who, why, before and after."""
