"""The way in for webhooks: the region's load balancer sends their paths, and its health checks, to webhook processors."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.lb.listener_rule import ListenerRule
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.products.automation.facts import HEALTH, PUBLIC_PATHS, WEBHOOK_PORT, Role
from config.vocabulary import DataClass

_VALUES = 5
"""Conditions that one rule may have, and wildcards in them.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookEntryArgs:
    """The region's load balancer, which the program owns: the cluster's controller only tells it the addresses of pods.

    Raises ValueError for paths that one rule cannot hold, or that would let the editor out.
    """

    namespace: pulumi.Input[str]
    listener_arn: pulumi.Input[str]
    target_group_arn: pulumi.Input[str]
    """Of type ip, on port 8443, HTTPS."""
    vpc_id: pulumi.Input[str]
    service: pulumi.Input[str] = Role.WEBHOOK.deployment
    paths: tuple[str, ...] = PUBLIC_PATHS
    priority: int = 100
    """Of the first of two rules on the listener; the second follows it."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.paths) <= _VALUES:
            raise ValueError(f"paths must be 1 to {_VALUES}, as many as a rule holds (got {len(self.paths)})")
        for path in self.paths:
            if not path.startswith("/") or not path.endswith("/*") or path.strip("/*") == "":
                raise ValueError(f"paths must name a folder such as '/webhook/*', or the editor would be public (got {path!r})")


class WebhookEntry(Component, token="products:WebhookEntry"):
    """Two rules of the load balancer and its target group's binding to webhook processors; all else there stays 404 (NET-3, N8N-1, D9).

    The health check of the region's front asks the second rule's path, and so tells of n8n and not of the load balancer alone.
    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
    """

    bound: pulumi.Output[bool]

    def __init__(self, name: str, context: Context, args: WebhookEntryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._rule("paths", args.priority, args.paths)
        self._rule("health", args.priority + 1, (HEALTH,))
        binding = CustomResource(
            f"{name}-binding",
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=ObjectMetaArgs(name=Role.WEBHOOK.deployment, namespace=args.namespace, labels=labels(context, name)),
            spec={
                "serviceRef": {"name": args.service, "port": WEBHOOK_PORT},
                "targetGroupARN": args.target_group_arn,
                "targetType": "ip",
                "vpcID": args.vpc_id,
            },
            opts=self.child(),
        )
        self.bound = pulumi.Output.from_input(binding.id).apply(lambda _: True)
        self.publish()

    def _rule(self, what: str, priority: int, paths: tuple[str, ...]) -> None:
        logical = f"{self._component}-{what}"
        ListenerRule(
            logical,
            listener_arn=self._args.listener_arn,
            priority=priority,
            conditions=[{"path_pattern": {"values": list(paths)}}],
            actions=[{"type": "forward", "target_group_arn": self._args.target_group_arn}],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
