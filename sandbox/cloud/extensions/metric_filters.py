"""CloudWatch Logs: a metric filter put again replaces itself, and needs a log group that exists."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.logs.responses import LogsResponse

    LogsResponse.put_metric_filter = _replacing(LogsResponse.put_metric_filter)


def _replacing(original: Any) -> Any:
    @wraps(original)
    def put_metric_filter(self: Any) -> Any:
        from moto.logs.exceptions import ResourceNotFoundException

        name, group = self._get_param("filterName"), self._get_param("logGroupName")
        if group not in self.logs_backend.groups:
            raise ResourceNotFoundException()
        kept = self.logs_backend.filters.metric_filters
        before = [each for each in kept if (each["filterName"], each["logGroupName"]) == (name, group)]
        answer = original(self)
        for each in before:
            kept.remove(each)
        kept[-1]["applyOnTransformedLogs"] = bool(self._get_param("applyOnTransformedLogs"))
        return answer

    return put_metric_filter
