"""The parts of Grafana's SDK that boards are built from.

Importing it says that the classic dashboard is on its way out; it is what every Grafana that is in
use imports, so the warning is kept from everybody who imports us.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        barchart,
        bargauge,
        common,
        dashboard,
        heatmap,
        stat,
        statetimeline,
        table,
        text,
        timeseries,
    )
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.variants import Dataquery
    from grafana_foundation_sdk.models import common as common_models
    from grafana_foundation_sdk.models import dashboard as dashboard_models
    from grafana_foundation_sdk.models import heatmap as heatmap_models
    from grafana_foundation_sdk.models import text as text_models

__all__ = [
    "Builder",
    "Dataquery",
    "JSONEncoder",
    "barchart",
    "bargauge",
    "common",
    "common_models",
    "dashboard",
    "dashboard_models",
    "heatmap",
    "heatmap_models",
    "stat",
    "statetimeline",
    "table",
    "text",
    "text_models",
    "timeseries",
]
