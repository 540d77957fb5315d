"""The dashboard of the scheduling service as CloudWatch reads it: a pure function of names (SCH-10, API-4)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components._base import Context

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3
_Metric = list[str | dict[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """Names of what a page shows, as CloudWatch's dimensions have them."""

    api_name: str
    stage: str
    functions: Sequence[str]
    table: str
    queue: str
    dead_letter_queue: str


def page(context: Context, watched: Watched, *, p95_ms: int) -> str:
    """Return the body of the dashboard.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    api = ["ApiName", watched.api_name, "Stage", watched.stage]
    tables, queues = ["TableName", watched.table], (watched.queue, watched.dead_letter_queue)
    graphs = [
        _graph("Requests", [["AWS/ApiGateway", each, *api, {"stat": "Sum"}] for each in ("Count", "4XXError", "5XXError")]),
        _graph("Latency (ms)", [["AWS/ApiGateway", "Latency", *api, {"stat": stat}] for stat in ("p50", "p95", "p99")], line=p95_ms),
        _graph("Cache", [["AWS/ApiGateway", each, *api, {"stat": "Sum"}] for each in ("CacheHitCount", "CacheMissCount")]),
        _graph("Function calls", _of_functions(watched, "Invocations", "Sum")),
        _graph("Function errors", _of_functions(watched, "Errors", "Sum")),
        _graph("Function duration, p95 (ms)", _of_functions(watched, "Duration", "p95")),
        _graph("Function throttles", _of_functions(watched, "Throttles", "Sum")),
        _graph("Functions at a time", _of_functions(watched, "ConcurrentExecutions", "Maximum")),
        _graph(
            "Jobs waiting", [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", each, {"stat": "Maximum"}] for each in queues]
        ),
        _graph("Oldest job (s)", [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", watched.queue, {"stat": "Maximum"}]]),
        _graph(
            "Table capacity", [["AWS/DynamoDB", f"Consumed{each}CapacityUnits", *tables, {"stat": "Sum"}] for each in ("Read", "Write")]
        ),
        _graph("Table throttles", [["AWS/DynamoDB", f"{each}ThrottleEvents", *tables, {"stat": "Sum"}] for each in ("Read", "Write")]),
    ]
    widgets = [_placed(context, order, graph) for order, graph in enumerate(graphs)]
    return json.dumps({"widgets": widgets}, separators=(",", ":"))


def _of_functions(watched: Watched, metric: str, stat: str) -> list[_Metric]:
    return [["AWS/Lambda", metric, "FunctionName", each, {"stat": stat}] for each in watched.functions]


def _graph(title: str, metrics: list[_Metric], *, line: int | None = None) -> dict[str, Any]:
    marked = {} if line is None else {"annotations": {"horizontal": [{"label": "objective", "value": line}]}}
    return {"title": title, "view": "timeSeries", "period": 60, "metrics": metrics, **marked}


def _placed(context: Context, order: int, graph: dict[str, Any]) -> dict[str, Any]:
    row, column = divmod(order, _COLUMNS)
    place = {"x": column * _WIDTH, "y": row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
    return {"type": "metric", **place, "properties": {"region": context.region.value, **graph}}
