"""Where everything that a person must know of is published (SEC-8, CST-3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.sns.topic import Topic
from pulumi_aws.sns.topic_policy import TopicPolicy
from pulumi_aws.sns.topic_subscription import TopicSubscription

from components._base import Component, Context, Principal, Statement, allow, deny, document
from components._base.policy_document import Conditions, Document
from config.vocabulary import DataClass

PUBLISHERS: Mapping[str, str] = {
    "Alarms": "cloudwatch.amazonaws.com",
    "Backups": "backup.amazonaws.com",
    "Budgets": "budgets.amazonaws.com",
    "CostAnomalies": "costalerts.amazonaws.com",
    "Databases": "events.rds.amazonaws.com",
    "Events": "events.amazonaws.com",
}
"""What is published, and the service that publishes it."""

_EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")
_HTTPS = re.compile(r"https://[^\s/@]+(/\S*)?")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertTopicArgs:
    """Who is told, and the key.

    Raises ValueError naming the recipient when its name is no words joined by hyphens or its address is neither e-mail nor https.
    """

    key_arn: pulumi.Input[str]
    """KMS key whose policy lets `PUBLISHERS` encrypt: that of operational data."""
    recipients: Mapping[str, str] = field(default_factory=dict)
    """Short name to e-mail address or https URL. Each address has to confirm before AWS sends it anything."""

    def __post_init__(self) -> None:
        for name, address in self.recipients.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"recipients: a name must be lower-case words joined by hyphens (got {name!r})")
            protocol(address)


def protocol(address: str) -> str:
    """Return SNS's protocol for an address: `email` or `https`.

    Raises ValueError for anything else.
    """
    if _HTTPS.fullmatch(address):
        return "https"
    if _EMAIL.fullmatch(address):
        return "email"
    raise ValueError(f"recipients: an address must be e-mail such as name@example.com, or an https URL (got {address!r})")


class AlertTopic(Component, token="observability:AlertTopic"):
    """An encrypted topic that AWS's alarms and findings of this account reach over TLS, and that tells the recipients (SEC-8)."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        topic = Topic(
            f"{name}-topic",
            name=context.physical(name, limit=256),
            kms_master_key_id=args.key_arn,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        policy = TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=topic_policy(context, context.arn("sns", context.physical(name, limit=256))),
            opts=self.child(),
        )
        for recipient, address in args.recipients.items():
            TopicSubscription(
                f"{name}-to-{recipient}",
                topic=topic.arn,
                protocol=protocol(address),
                endpoint=address,
                opts=self.child(),
            )
        # Whoever raises alarms waits for the policy, without which nothing is let in.
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda made: str(made[0]))
        self.publish()


def topic_policy(context: Context, arn: str) -> Document:
    """Return who may publish: the named services, for this account's own resources, and identities of the account; nobody without TLS.

    Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html (TLS),
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html (condition on the account).
    """
    return document(
        *(_service(context, arn, said, service) for said, service in PUBLISHERS.items()),
        allow("sns:Publish", on=[arn], to=[Principal.aws(context.arn("iam", "root", region=""))], sid="IdentitiesOfTheAccount"),
        deny("sns:Publish", on=[arn], to=[Principal.everyone()], when={"Bool": {"aws:SecureTransport": "false"}}, sid="TlsOnly"),
    )


def _service(context: Context, arn: str, said: str, service: str) -> Statement:
    return allow(
        "sns:Publish",
        on=[arn],
        to=[Principal.services(service)],
        when=_of_the_account(context, service),
        sid=f"{said}OfTheAccount",
    )


def _of_the_account(context: Context, service: str) -> Conditions:
    """Return what keeps another customer's use of the service out.

    EventBridge is known by the rule: its page names no other condition.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    if service == "events.amazonaws.com":
        return {"ArnLike": {"aws:SourceArn": context.arn("events", "rule/*")}}
    return {"StringEquals": {"aws:SourceAccount": context.account_id}}
