"""What AWS gives to a scaler that starts nodes one by one: their profile, and word of those that are about to be taken away."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget
from pulumi_aws.iam.instance_profile import InstanceProfile
from pulumi_aws.sqs.queue import Queue
from pulumi_aws.sqs.queue_policy import QueuePolicy

from components._base import Component, Context, Principal, allow, deny, document
from config.vocabulary import DataClass

_EVENTS = {
    "spot-interruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "state-change": ("aws.ec2", "EC2 Instance State-change Notification"),
    "health": ("aws.health", "AWS Health Event"),
}
_SECONDS = 300
"""A warning is of no use after the two minutes that it gives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeProvisioningArgs:
    """Whose nodes."""

    node_role_name: pulumi.Input[str]
    """The role that nodes of the cluster have already."""


class NodeProvisioning(Component, token="cluster:NodeProvisioning"):
    """An instance profile for nodes, and a queue of interruptions, so that pods leave a Spot node before AWS takes it (CMP-3, BDR-7).

    The profile is made here, so that the scaler needs no permission on identities but to pass the one role.
    Source: https://karpenter.sh/docs/concepts/disruption/#interruption
    """

    profile_name: pulumi.Output[str]
    queue_name: pulumi.Output[str]
    queue_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: NodeProvisioningArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        profile = InstanceProfile(
            f"{name}-profile",
            name=context.physical(name, limit=128),
            role=args.node_role_name,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-profile"),
            opts=self.child(),
        )
        queue = Queue(
            f"{name}-interruptions",
            name=context.physical(f"{name}-interruptions", limit=80),
            message_retention_seconds=_SECONDS,
            # Events of EC2 hold no data, and AWS's own key lets EventBridge write.
            sqs_managed_sse_enabled=True,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-interruptions"),
            opts=self.child(),
        )
        self._let_in(name, queue)
        for event, (source, kind) in _EVENTS.items():
            self._rule(f"{name}-{event}", source, kind, queue)
        self.profile_name = profile.name
        self.queue_name = queue.name
        self.queue_arn = queue.arn
        self.publish()

    def _let_in(self, name: str, queue: Queue) -> None:
        rules = self.context.arn("events", f"rule/{self.context.physical(name, limit=40)}-*")
        policy = document(
            allow(
                "sqs:SendMessage",
                on=[queue.arn],
                to=[Principal.services("events.amazonaws.com")],
                when={"ArnLike": {"aws:SourceArn": rules}},
                sid="RulesOfThisStack",
            ),
            deny("sqs:*", on=[queue.arn], to=[Principal.everyone()], when={"Bool": {"aws:SecureTransport": "false"}}, sid="DenyPlaintext"),
        )
        QueuePolicy(f"{name}-interruptions-policy", queue_url=queue.url, policy=policy, opts=self.child())

    def _rule(self, logical: str, source: str, kind: str, queue: Queue) -> None:
        rule = EventRule(
            logical,
            name=self.context.physical(logical, limit=64),
            description=f"Nodes that are about to go: {kind}",
            event_pattern=json.dumps({"source": [source], "detail-type": [kind]}),
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
        EventTarget(f"{logical}-target", rule=rule.name, target_id="interruptions", arn=queue.arn, opts=self.child())
