"""Mail that receivers can tell to be ours, and news of what does not arrive (SCH-6)."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pulumi
from pulumi.output import UNKNOWN
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.route53.record import Record
from pulumi_aws.sesv2.configuration_set import ConfigurationSet
from pulumi_aws.sesv2.configuration_set_event_destination import ConfigurationSetEventDestination
from pulumi_aws.sesv2.email_identity import EmailIdentity
from pulumi_aws.sesv2.email_identity_feedback_attributes import EmailIdentityFeedbackAttributes
from pulumi_aws.sesv2.email_identity_mail_from_attributes import EmailIdentityMailFromAttributes
from pulumi_aws.sesv2.outputs import EmailIdentityDkimSigningAttributes
from pulumi_aws.sns.topic import Topic
from pulumi_aws.sns.topic_policy import TopicPolicy

from components._base import Component, Context, Principal, allow, deny, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

BOUNCES, COMPLAINTS = 0.05, 0.001
"""Shares of mail from which on SES reviews an account, before it pauses it at 0.1 and 0.005.

Source: https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html
"""
FEEDBACK = ("BOUNCE", "COMPLAINT", "REJECT")

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ADDRESS = re.compile(r"[^@\s,;!]+@([a-z0-9-]+\.)+[a-z]{2,63}")
_TOKENS = ("first", "second", "third")
"""Easy DKIM has three keys, so that they can be changed one after another."""
_TTL = 1_800
_MAIL_FROM = "bounce"


@dataclass(frozen=True, kw_only=True, slots=True)
class MailArgs:
    """Whose mail it is, and who hears of what does not arrive.

    Raises ValueError naming the option when a name or an address is none.
    """

    domain: str
    """What stands after the @ of the sender; of one region alone, since the way back for bounces leads to one region."""
    zone_id: pulumi.Input[str]
    """Zone that holds `domain`."""
    key_arn: pulumi.Input[str]
    """KMS key of the feedback's topic, whose policy lets SES encrypt: that of personal data."""
    alert_topic_arn: pulumi.Input[str]
    """Where alarms go."""
    dmarc_report_address: str | None
    """Who gets receivers' daily reports; None for nobody."""
    dmarc_policy: Literal["quarantine", "reject"] = "quarantine"
    """What receivers are asked to do with mail that only pretends to be ours."""
    dkim_domain: str = "dkim.amazonses.com"
    """Where SES keeps public keys; some newer regions have their own: https://docs.aws.amazon.com/general/latest/gr/ses.html"""
    protect: bool = True

    def __post_init__(self) -> None:
        for option in ("domain", "dkim_domain"):
            if not _DOMAIN.fullmatch(getattr(self, option)):
                raise ValueError(f"{option} must be a lower-case domain name such as 'mail.example.com' (got {getattr(self, option)!r})")
        if self.dmarc_report_address is not None and not _ADDRESS.fullmatch(self.dmarc_report_address):
            raise ValueError(f"dmarc_report_address must be an address such as 'dmarc@example.com' (got {self.dmarc_report_address!r})")
        if self.dmarc_policy not in ("quarantine", "reject"):
            raise ValueError(f"dmarc_policy must be quarantine or reject (got {self.dmarc_policy!r})")


class Mail(Component, token="messaging:Mail"):
    """A sender's domain in SES with DKIM, SPF and DMARC, whose mail goes over TLS only and whose bounces are told (SCH-6, SCH-8).

    Sources: https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html,
    https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
    """

    identity_arn: pulumi.Output[str]
    """It waits for the records by which SES knows the domain as ours. SES looks for them every few minutes: a user pool that is made before
    it has is refused as not verified, and made by the next `up`."""
    configuration_set: pulumi.Output[str]
    """Name; it waits until bounces are told."""
    feedback_topic_arn: pulumi.Output[str]
    """Topic of bounces, complaints and rejects, which hold addresses; it waits for its policy."""
    sender_domain: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: MailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        rules = self._configuration_set()
        topic, policy = self._topic()
        told = ConfigurationSetEventDestination(
            f"{name}-feedback",
            configuration_set_name=rules.configuration_set_name,
            event_destination_name="feedback",
            event_destination={"enabled": True, "matching_event_types": list(FEEDBACK), "sns_destination": {"topic_arn": topic.arn}},
            # SES tries whether it may publish.
            opts=self.child(depends_on=[policy]),
        )
        identity = self._identity(rules, told)
        records = [*self._keys(identity), *self._way_back(identity), self._dmarc()]
        self._alarm("bounces", "Reputation.BounceRate", BOUNCES)
        self._alarm("complaints", "Reputation.ComplaintRate", COMPLAINTS)
        self.identity_arn = _after(identity.arn, *records)
        self.configuration_set = _after(rules.configuration_set_name, told)
        self.feedback_topic_arn = _after(topic.arn, policy)
        self.sender_domain = pulumi.Output.from_input(args.domain)
        self.publish()

    def _configuration_set(self) -> ConfigurationSet:
        name = self._component
        return ConfigurationSet(
            f"{name}-rules",
            configuration_set_name=self.context.physical(name, limit=64),
            delivery_options={"tls_policy": "REQUIRE"},
            reputation_options={"reputation_metrics_enabled": True},
            sending_options={"sending_enabled": True},
            suppression_options={"suppressed_reasons": ["BOUNCE", "COMPLAINT"]},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-rules"),
            opts=self.child(),
        )

    def _topic(self) -> tuple[Topic, TopicPolicy]:
        name = f"{self._component}-feedback"
        physical = self.context.physical(name, limit=256)
        topic = Topic(
            f"{name}-topic",
            name=physical,
            kms_master_key_id=self._args.key_arn,
            tags=self.tags(DataClass.PERSONAL, name=name),
            opts=self.child(),
        )
        sender = self.context.arn("ses", f"configuration-set/{self.context.physical(self._component, limit=64)}")
        policy = TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=feedback_policy(self.context, self.context.arn("sns", physical), sender),
            opts=self.child(),
        )
        return topic, policy

    def _identity(self, rules: ConfigurationSet, told: ConfigurationSetEventDestination) -> EmailIdentity:
        args, name = self._args, self._component
        identity = EmailIdentity(
            f"{name}-identity",
            email_identity=args.domain,
            # Also for who names no configuration set, such as Cognito.
            configuration_set_name=rules.configuration_set_name,
            dkim_signing_attributes={"next_signing_key_length": "RSA_2048_BIT"},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-identity"),
            opts=self.child(protect=args.protect),
        )
        EmailIdentityFeedbackAttributes(
            f"{name}-forwarding",
            email_identity=identity.email_identity,
            # The topic tells it: a copy by mail would be one place more with addresses of customers.
            email_forwarding_enabled=False,
            opts=self.child(depends_on=[told]),
        )
        return identity

    def _keys(self, identity: EmailIdentity) -> list[Record]:
        """Source: https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html"""
        found = identity.dkim_signing_attributes
        return [self._key(name, found.apply(partial(_token, at=at))) for at, name in zip(range(len(_TOKENS)), _TOKENS, strict=True)]

    def _key(self, name: str, token: pulumi.Output[str]) -> Record:
        return Record(
            f"{self._component}-dkim-{name}",
            zone_id=self._args.zone_id,
            name=pulumi.Output.concat(token, f"._domainkey.{self._args.domain}"),
            type="CNAME",
            ttl=_TTL,
            records=[pulumi.Output.concat(token, f".{self._args.dkim_domain}")],
            opts=self.child(),
        )

    def _way_back(self, identity: EmailIdentity) -> list[Record]:
        """The envelope's sender stands below the domain, so that its SPF record speaks for it under DMARC."""
        args, name = self._args, self._component
        envelope = f"{_MAIL_FROM}.{args.domain}"
        EmailIdentityMailFromAttributes(
            f"{name}-mail-from",
            email_identity=identity.email_identity,
            mail_from_domain=envelope,
            # Without its record mail still goes out under Amazon's name, and DKIM alone speaks for it.
            behavior_on_mx_failure="USE_DEFAULT_VALUE",
            opts=self.child(),
        )
        return [
            self._record("mx", envelope, "MX", f"10 feedback-smtp.{self.context.region}.amazonses.com"),
            self._record("spf", envelope, "TXT", "v=spf1 include:amazonses.com -all"),
        ]

    def _dmarc(self) -> Record:
        return self._record("dmarc", f"_dmarc.{self._args.domain}", "TXT", dmarc(self._args))

    def _record(self, role: str, host: str, kind: str, value: str) -> Record:
        logical = f"{self._component}-{role}"
        return Record(logical, zone_id=self._args.zone_id, name=host, type=kind, ttl=_TTL, records=[value], opts=self.child())

    def _alarm(self, role: str, metric: str, threshold: float) -> None:
        """Of the whole account in this region, as SES judges it.

        Source: https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
        """
        logical = f"{self._component}-{role}"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=(
                f"{role.capitalize()} reach {threshold:.1%} of the mail sent: SES reviews the account, and pauses it if they go on (SCH-6)"
            ),
            namespace="AWS/SES",
            metric_name=metric,
            statistic="Maximum",
            period=3_600,
            evaluation_periods=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            # SES tells a rate only when something bounced or was complained about.
            treat_missing_data="ignore",
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )


def dmarc(args: MailArgs) -> str:
    """Return the DMARC record: keys must be of the very domain, the envelope's sender may stand below it.

    Source: https://www.rfc-editor.org/rfc/rfc7489#section-6.3
    """
    parts = ["v=DMARC1", f"p={args.dmarc_policy}", f"sp={args.dmarc_policy}", "adkim=s", "aspf=r"]
    return "; ".join(parts if args.dmarc_report_address is None else [*parts, f"rua=mailto:{args.dmarc_report_address}"])


def feedback_policy(context: Context, arn: str, configuration_set_arn: str) -> Document:
    """Return who may publish feedback: SES, for one configuration set of this account; nobody without TLS.

    Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-sns.html
    """
    own = {"StringEquals": {"aws:SourceAccount": context.account_id}, "ArnEquals": {"aws:SourceArn": configuration_set_arn}}
    return document(
        allow("sns:Publish", on=[arn], to=[Principal.services("ses.amazonaws.com")], when=own, sid="FeedbackOfTheConfigurationSet"),
        deny("sns:Publish", on=[arn], to=[Principal.everyone()], when={"Bool": {"aws:SecureTransport": "false"}}, sid="TlsOnly"),
    )


def _token(found: EmailIdentityDkimSigningAttributes, at: int) -> pulumi.Input[str]:
    """Return the name of one key; a preview of a new identity knows none yet."""
    tokens = found.tokens or []
    if not tokens and pulumi.runtime.is_dry_run():
        unknown: pulumi.Output[Any] = pulumi.Output.from_input(UNKNOWN)
        return unknown
    return tokens[at]


def _after(value: pulumi.Output[str], *made: pulumi.CustomResource) -> pulumi.Output[str]:
    return pulumi.Output.all(value, *(each.id for each in made)).apply(lambda found: str(found[0]))
