"""Rules in a cluster, where the operator hands them to Prometheus."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.monitoring.rule import Group, rules_document
from components.platform.monitoring.scrape import SELECTED


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRulesArgs:
    """Which rules, and where their runbooks are.

    Raises ValueError when two groups, or two alerts, bear one name.
    """

    namespace: pulumi.Input[str]
    groups: Sequence[Group]
    runbooks: str
    """https address under which `<alert>.md` is found."""

    def __post_init__(self) -> None:
        alerts = [alert.name for group in self.groups for alert in group.alerts]
        for what, names in (("groups", [group.name for group in self.groups]), ("alerts", alerts)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} must have names of their own (twice: {', '.join(twice)}): their runbook is found by it")


class AlertRules(Component, token="platform:AlertRules"):
    """A PrometheusRule for each group of rules (OBS-2, OBS-3, OBS-7).

    Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
    """

    def __init__(self, name: str, context: Context, args: AlertRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        for group in args.groups:
            CustomResource(
                f"{name}-{group.name}",
                api_version="monitoring.coreos.com/v1",
                kind="PrometheusRule",
                metadata=ObjectMetaArgs(name=group.name, namespace=args.namespace, labels={**labels(context, name), **SELECTED}),
                spec=rules_document([group], args.runbooks),
                opts=self.child(),
            )
        self.publish()
