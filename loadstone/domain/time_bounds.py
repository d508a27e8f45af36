"""Between which instants a gateway's clock is believed."""

from __future__ import annotations

# Real interval data that is worth replaying begins about 2010; clocks that fell back to their
# factory date (1970, 1980, 2000) lie before it.
EARLIEST_MS = 1_262_304_000_000  # 2010-01-01T00:00:00Z
LATEST_MS = 4_102_444_800_000  # 2100-01-01T00:00:00Z
EARLIEST_RULE = "may not be before 2010-01-01T00:00:00Z (1262304000000 ms)"
