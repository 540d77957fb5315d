"""A public certificate that AWS renews by itself, proven by DNS (SEC-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.acm.certificate import Certificate as AcmCertificate
from pulumi_aws.acm.certificate_validation import CertificateValidation
from pulumi_aws.acm.outputs import CertificateDomainValidationOption
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.route53.record import Record

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import DataClass

_MAIN = "main"
_WARN_DAYS = 30
"""ACM renews sixty days before the end: half of them were not enough.
Source: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateArgs:
    """Which names it speaks for.

    Raises ValueError when a name is given twice, or a short name is taken.
    """

    domain: str
    zone_id: pulumi.Input[str]
    """Zone in which the names are proven, and proven again at each renewal."""
    alert_topic_arn: pulumi.Input[str]
    """Told when a renewal is overdue; a topic of the certificate's region."""
    alternative_names: Mapping[str, str] = field(default_factory=dict)
    """Short name, which is part of a record's identity, to a further domain name; `*.` at its front is allowed."""

    def __post_init__(self) -> None:
        if _MAIN in self.alternative_names:
            raise ValueError(f"alternative_names must not use {_MAIN!r}, which stands for domain {self.domain!r}")
        names = [self.domain, *self.alternative_names.values()]
        if len(set(names)) != len(names):
            raise ValueError(f"domain and alternative_names must all differ (got {', '.join(names)})")


class Certificate(Component, token="edge:Certificate"):
    """An ACM certificate with the records that prove it, and an alarm when it was not renewed in time."""

    arn: pulumi.Output[str]
    """Known once the certificate is issued, so that whoever uses it waits."""

    def __init__(self, name: str, context: Context, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        certificate = AcmCertificate(
            f"{name}-certificate",
            domain_name=args.domain,
            subject_alternative_names=list(args.alternative_names.values()),
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            tags=self.tags(DataClass.PUBLIC, name=f"{name}-certificate"),
            # The new one must stand before load balancers and distributions let the old one go: the engine's order of itself.
            opts=self.child(),
        )
        records = [self._proof(f"{name}-proof-{role}", proven, certificate, args.zone_id) for role, proven in names_to_prove(args).items()]
        validation = CertificateValidation(
            f"{name}-validation",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            opts=self.child(),
        )
        self._alarm(name, certificate, args.alert_topic_arn)
        self.arn = validation.certificate_arn
        self.publish()

    def _alarm(self, name: str, certificate: AcmCertificate, topic_arn: pulumi.Input[str]) -> None:
        """Look once a day, as often as ACM tells; of a certificate that is not in use it tells nothing.

        Source: https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
        """
        physical = self.context.physical(f"{name}-expires", limit=255)
        MetricAlarm(
            f"{name}-expires",
            name=physical,
            alarm_description=f"The certificate ends in less than {_WARN_DAYS} days and was not renewed: see its records of proof",
            namespace="AWS/CertificateManager",
            metric_name="DaysToExpiry",
            dimensions={"CertificateArn": certificate.arn},
            statistic="Minimum",
            period=86_400,
            evaluation_periods=1,
            comparison_operator="LessThanThreshold",
            threshold=_WARN_DAYS,
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=physical),
            opts=self.child(),
        )

    def _proof(self, logical: str, proven: str, certificate: AcmCertificate, zone_id: pulumi.Input[str]) -> Record:
        option = certificate.domain_validation_options.apply(lambda options: option_for(proven, options))
        return Record(
            logical,
            zone_id=zone_id,
            name=option.apply(lambda each: str(each.resource_record_name)),
            type=option.apply(lambda each: str(each.resource_record_type)),
            records=[option.apply(lambda each: str(each.resource_record_value))],
            ttl=60,
            # The record of a name is the same for every certificate of the account, also for one being replaced.
            allow_overwrite=True,
            opts=self.child(),
        )


def names_to_prove(args: CertificateArgs) -> dict[str, str]:
    """Return short name to domain name for each proof: `example.com` and `*.example.com` share one."""
    proofs: dict[str, str] = {}
    for role, domain in {_MAIN: args.domain, **args.alternative_names}.items():
        proven = domain.removeprefix("*.")
        if proven not in proofs.values():
            proofs[role] = proven
    return proofs


def option_for(proven: str, options: Sequence[CertificateDomainValidationOption]) -> CertificateDomainValidationOption:
    """Return what ACM asks for to prove a name.

    Raises ValueError when it asks for nothing of that name.
    """
    for option in options:
        if (option.domain_name or "").removeprefix("*.") == proven:
            return option
    raise ValueError(f"ACM gave no DNS record that proves {proven!r}; it gave {[option.domain_name for option in options]}")
