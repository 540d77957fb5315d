"""CloudWatch: percentiles of what was measured, such as p95, which moto answers with nothing."""

from __future__ import annotations

import math
import re
from functools import wraps
from typing import Any

_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)")


def install() -> None:
    """Adds it to moto."""
    from moto.cloudwatch.models import Statistics

    Statistics.get_statistics_for_type = _with_percentiles(Statistics.get_statistics_for_type)


def _with_percentiles(original: Any) -> Any:
    @wraps(original)
    def value(self: Any, stat: str) -> Any:
        match = _PERCENTILE.fullmatch(stat)
        if match is None:
            return original(self, stat)
        # By the nearest rank: the smallest value that so many percent of all are not above.
        values = sorted(float(datum.value) for datum in self.metric_data)
        return values[max(math.ceil(float(match[1]) / 100 * len(values)), 1) - 1] if values else None

    return value
