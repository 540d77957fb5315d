"""Who calls an API, how often each may, and how often each does (API-1, API-4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.apigateway.api_key import ApiKey
from pulumi_aws.apigateway.usage_plan import UsagePlan
from pulumi_aws.apigateway.usage_plan_key import UsagePlanKey
from pulumi_aws.cloudwatch.log_metric_filter import LogMetricFilter

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import DataClass

NAMESPACE = "MoreFocus/Api"
_CLIENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BURST_SECONDS = 5
METRICS = {
    "Requests": '{ $.client != "-" }',
    "Throttled": '{ $.client != "-" && $.status = "429" }',
    "Errors": '{ $.client != "-" && $.status = "5*" }',
}
"""Metric to what of the access log it counts; a dash stands there for what a request does not have."""


def rate(requests_per_minute: int) -> float:
    """Return the rate in requests a second, such as 16.66 for 1,000 a minute.

    API Gateway keeps it as a fraction, and fills its bucket with it; rounded down, a minute never allows more than was promised.
    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_ThrottleSettings.html
    """
    return int(requests_per_minute * 100 / 60) / 100


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiClientsArgs:
    """Programs that call a stage, and what each may.

    Raises ValueError naming the option.
    """

    api_id: pulumi.Input[str]
    stage: pulumi.Input[str]
    clients: Sequence[str]
    """Names, each of which gets a key."""
    requests_per_minute: int
    """Of each key."""
    log_group_name: pulumi.Input[str]
    """Access log with `client` (id of the key) and `status` of each request."""

    def __post_init__(self) -> None:
        for client in self.clients:
            if not _CLIENT.fullmatch(client):
                raise ValueError(f"clients must be lower-case words joined by hyphens (got {client!r})")
        if not self.clients or len(set(self.clients)) != len(self.clients):
            raise ValueError(f"clients must be at least one name, each once (got {', '.join(self.clients) or 'none'})")
        if self.requests_per_minute < 60:
            raise ValueError(f"requests_per_minute must be at least 60 (got {self.requests_per_minute})")


class ApiClients(Component, token="serverless:ApiClients"):
    """A usage plan with a key for each client, and metrics of what each client asks for (API-1, API-4).

    A key names a program and opens nothing: what a request may do is in its token. A plan has no quota, which would end a client's day.
    """

    usage_plan_id: pulumi.Output[str]
    key_ids: pulumi.Output[dict[str, str]]
    """Client to the id of its key, which access log and metrics have as `client`."""

    def __init__(self, name: str, context: Context, args: ApiClientsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        per_second = rate(args.requests_per_minute)
        plan = UsagePlan(
            f"{name}-plan",
            name=context.physical(name, limit=255),
            description=f"{args.requests_per_minute} requests a minute for each client",
            api_stages=[{"api_id": args.api_id, "stage": args.stage}],
            throttle_settings={"rate_limit": per_second, "burst_limit": int(per_second * _BURST_SECONDS)},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-plan"),
            opts=self.child(),
        )
        keys: dict[str, pulumi.Output[str]] = {}
        for client in args.clients:
            key = ApiKey(
                f"{name}-key-{client}",
                name=context.physical(f"{name}-{client}", limit=255),
                description=f"Names {client} in usage plan, logs and metrics",
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-key-{client}"),
                opts=self.child(additional_secret_outputs=["value"]),
            )
            UsagePlanKey(f"{name}-member-{client}", usage_plan_id=plan.id, key_id=key.id, key_type="API_KEY", opts=self.child())
            keys[client] = key.id
        self._metrics(args)
        self.usage_plan_id = plan.id
        self.key_ids = pulumi.Output.all(**keys)
        self.publish()

    def _metrics(self, args: ApiClientsArgs) -> None:
        """API Gateway's own metrics know methods and not clients, so these come of the access log.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
        """
        for metric, pattern in METRICS.items():
            LogMetricFilter(
                f"{self._component}-{metric.lower()}",
                name=self.context.physical(f"{self._component}-{metric.lower()}", limit=255),
                log_group_name=args.log_group_name,
                pattern=pattern,
                metric_transformation={
                    "namespace": NAMESPACE,
                    "name": metric,
                    "value": "1",
                    "unit": "Count",
                    "dimensions": {"Client": "$.client"},
                },
                opts=self.child(),
            )
