"""How well a region keeps to the standards it is held to (SEC-8, COM-1)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.securityhub.account import Account
from pulumi_aws.securityhub.finding_aggregator import FindingAggregator
from pulumi_aws.securityhub.standards_subscription import StandardsSubscription

from components._base import Component, Context
from config.vocabulary import Region

STANDARDS: Mapping[str, str] = {
    "aws-best-practices": "aws-foundational-security-best-practices/v/1.0.0",
    "cis": "cis-aws-foundations-benchmark/v/3.0.0",
    "pci-dss": "pci-dss/v/4.0.1",
    "nist-800-53": "nist-800-53/v/5.0.0",
}
"""Short name to what follows `arn:aws:securityhub:<region>::standards/`, in the newest version that the provider documents.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostureArgs:
    """Which standards, and whose findings beside the region's own.

    Raises ValueError for a standard that is not in `STANDARDS`.
    """

    standards: tuple[str, ...] = ("aws-best-practices", "cis", "pci-dss")
    findings_of: tuple[Region, ...] = ()
    """Regions whose findings are gathered here. A finding may name a person's data: the caller checks the transfer register (D1)."""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.standards) - set(STANDARDS))
        if unknown:
            raise ValueError(f"standards must be of {', '.join(STANDARDS)} (got {', '.join(unknown)})")


class Posture(Component, token="security:Posture"):
    """Security Hub with the standards that config names, and no others (SEC-8).

    It takes the findings of GuardDuty, Inspector, Macie and Config by itself once they are on, so nothing subscribes to them here:
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: PostureArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        account = Account(
            f"{name}-hub",
            enable_default_standards=False,
            auto_enable_controls=True,
            # One finding of a control, however many standards it belongs to.
            control_finding_generator="SECURITY_CONTROL",
            opts=self.child(),
        )
        for standard in args.standards:
            StandardsSubscription(
                f"{name}-{standard}",
                standards_arn=context.arn("securityhub", f"standards/{STANDARDS[standard]}", account=""),
                opts=self.child(depends_on=[account]),
            )
        if args.findings_of:
            FindingAggregator(
                f"{name}-aggregator",
                linking_mode="SPECIFIED_REGIONS",
                specified_regions=[region.value for region in args.findings_of],
                opts=self.child(depends_on=[account]),
            )
        self.arn = account.arn
        self.publish()
