"""The reports, one a file; each file ends in a REPORT."""

from __future__ import annotations
