"""What watches and judges a region: each service a switch, on in production."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.support import Notice
from config.vocabulary import Region

SHIELD_ADVANCED_MONTHLY_USD = 3000
SHIELD_ADVANCED_LOOKED_UP = date(2026, 11, 22)
SHIELD_ADVANCED_SOURCE = "https://aws.amazon.com/shield/pricing/"
"""For all accounts under one payer, with a commitment of a year, and data transfer out beside it. The figure itself was read in
https://www.techtarget.com/searchcloudcomputing/tip/Which-should-I-choose-AWS-Shield-vs-WAF-vs-Firewall-Manager, since the price list
could not be had offline."""


class GuardingPlan(Model):
    """The detecting services of a region (SEC-3, SEC-6, SEC-8, SEC-11)."""

    threat_detection: Annotated[bool, Field(description="true: GuardDuty with all its features")]
    standards: Annotated[
        tuple[Literal["aws-best-practices", "cis", "pci-dss", "nist-800-53"], ...],
        Field(description="standards of Security Hub; [] switches it off"),
    ]
    findings_of: Annotated[tuple[Region, ...], Field(description="regions whose findings the hub gathers; each needs its register row")]
    configuration: Annotated[Literal["continuous", "daily", "off"], Field(description="how often AWS Config records; off for never")]
    vulnerability_scanning: Annotated[
        tuple[Literal["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"], ...], Field(description="what Inspector scans; [] switches it off")
    ]
    data_discovery: Annotated[bool, Field(description="true: Macie jobs over the buckets")]
    data_discovery_percent: Annotated[Count, Field(ge=1, le=100, description="share of objects that a Macie job reads, 1 to 100")]
    shield_advanced: Annotated[
        bool,
        Field(description=f"true: Shield Advanced, about {SHIELD_ADVANCED_MONTHLY_USD} USD a month for a year; Standard is on and free"),
    ]

    @model_validator(mode="after")
    def _is_accepted_by_aws(self) -> "GuardingPlan":
        if "LAMBDA_CODE" in self.vulnerability_scanning and "LAMBDA" not in self.vulnerability_scanning:
            remedy = "add LAMBDA, or remove LAMBDA_CODE"
            raise refuse("LAMBDA_CODE beside LAMBDA", remedy, key="vulnerability_scanning", given="LAMBDA_CODE alone")
        if self.standards and self.configuration == "off":
            remedy = "set configuration to daily or continuous, or standards to []"
            raise refuse("a recorder, from which Security Hub's standards judge", remedy, key="configuration", given="off")
        if self.findings_of and not self.standards:
            raise refuse("[] while standards is []", "name a standard, or no region", key="findings_of", given=", ".join(self.findings_of))
        return self


def price_notice(plan: GuardingPlan) -> Notice | None:
    """Return what Shield Advanced costs, for whoever has switched it on."""
    if not plan.shield_advanced:
        return None
    told = f"about {SHIELD_ADVANCED_MONTHLY_USD} USD a month and data transfer, for a year at least, whatever is destroyed before"
    return Notice(text=f"Shield Advanced: {told} ({SHIELD_ADVANCED_SOURCE}, looked up {SHIELD_ADVANCED_LOOKED_UP})", urgent=True)
