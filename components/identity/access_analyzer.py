"""What finds access that outsiders have, and access that nobody uses (SEC-1, SEC-8)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.accessanalyzer._inputs import AnalyzerConfigurationArgs, AnalyzerConfigurationUnusedAccessArgs
from pulumi_aws.accessanalyzer.analyzer import Analyzer

from components._base import Component, Context
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessAnalyzerArgs:
    """Whether unused access is looked for too.

    Raises ValueError outside of what Access Analyzer allows.
    """

    unused_days: int | None = None
    """Days without use from which access counts as unused; AWS charges for each role and user, so it is off unless given."""

    def __post_init__(self) -> None:
        if self.unused_days is not None and not 1 <= self.unused_days <= 365:
            raise ValueError(f"unused_days must be 1 to 365 (got {self.unused_days})")


class AccessAnalyzer(Component, token="identity:AccessAnalyzer"):
    """An analyzer of what the account shares with outsiders in this region, and one of unused access where asked for (SEC-1, SEC-8).

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: AccessAnalyzerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        outsiders = Analyzer(
            f"{name}-outsiders",
            analyzer_name=context.physical(f"{name}-outsiders", limit=255),
            type="ACCOUNT",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-outsiders"),
            opts=self.child(),
        )
        if args.unused_days is not None:
            Analyzer(
                f"{name}-unused",
                analyzer_name=context.physical(f"{name}-unused", limit=255),
                type="ACCOUNT_UNUSED_ACCESS",
                configuration=AnalyzerConfigurationArgs(
                    unused_access=AnalyzerConfigurationUnusedAccessArgs(unused_access_age=args.unused_days)
                ),
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-unused"),
                opts=self.child(),
            )
        self.arn = outsiders.arn
        self.publish()
