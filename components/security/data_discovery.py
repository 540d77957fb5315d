"""What looks for personal data where it should not be (SEC-6)."""

from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws.macie.custom_data_identifier import CustomDataIdentifier
from pulumi_aws.macie2._inputs import (
    ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterionArgsDict,
    ClassificationJobScheduleFrequencyArgs,
)
from pulumi_aws.macie2.account import Account
from pulumi_aws.macie2.classification_job import ClassificationJob

from components._base import Component, Context
from components.security.personal_identifiers import IDENTIFIERS
from config.vocabulary import DataClass, TagKey

Schedule = Literal["daily", "weekly"]
_DAY = "SUNDAY"


@dataclass(frozen=True, kw_only=True, slots=True)
class DataDiscoveryArgs:
    """How much is read, and when.

    Raises ValueError for a share or a schedule that Macie does not have.
    """

    sampling_percent: int = 10
    """Share of the objects that a run reads; Macie charges by what it reads."""
    schedule: Schedule = "weekly"

    def __post_init__(self) -> None:
        if not 1 <= self.sampling_percent <= 100:
            raise ValueError(f"sampling_percent must be 1 to 100 (got {self.sampling_percent})")
        if self.schedule not in ("daily", "weekly"):
            raise ValueError(f"schedule must be daily or weekly (got {self.schedule!r})")


class DataDiscovery(Component, token="security:DataDiscovery"):
    """Macie, with a job over the buckets that are tagged to hold persons' data and one over those that are not (SEC-6).

    The second is the guard: what it finds is where it does not belong. Both know the numbers of Brazil and Argentina beside
    Macie's own, and read what is new since their last run. Findings go to EventBridge and Security Hub of the region within
    15 minutes, and stay there (D1).
    Source: https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-create.html
    """

    job_ids: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, args: DataDiscoveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._account = Account(f"{name}-session", finding_publishing_frequency="FIFTEEN_MINUTES", status="ENABLED", opts=self.child())
        self._identifiers = [
            CustomDataIdentifier(
                f"{name}-{each.name}",
                name=context.physical(each.name, limit=128),
                description=each.description,
                regex=each.regex,
                keywords=list(each.keywords),
                maximum_match_distance=each.distance,
                tags=self.tags(DataClass.OPERATIONAL, name=each.name),
                opts=self.child(depends_on=[self._account]),
            )
            for each in IDENTIFIERS
        ]
        jobs = [self._job("personal", "EQ"), self._job("elsewhere", "NE")]
        self.job_ids = pulumi.Output.all(*[job.id for job in jobs])
        self.publish()

    def _job(self, name: str, comparator: str) -> ClassificationJob:
        which = "is" if comparator == "EQ" else "is not"
        daily = ClassificationJobScheduleFrequencyArgs(daily_schedule=True)
        weekly = ClassificationJobScheduleFrequencyArgs(weekly_schedule=_DAY)
        key, value = TagKey.DATA_CLASS.value, DataClass.PERSONAL.value
        tag: ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterionArgsDict = {
            "comparator": comparator,
            "tag_values": [{"key": key, "value": value}],
        }
        return ClassificationJob(
            f"{self._component}-{name}",
            name=self.context.physical(f"{self._component}-{name}", limit=500),
            description=f"Personal data in buckets whose {key} {which} {value}",
            job_type="SCHEDULED",
            schedule_frequency=daily if self._args.schedule == "daily" else weekly,
            initial_run=True,
            sampling_percentage=self._args.sampling_percent,
            custom_data_identifier_ids=[each.id for each in self._identifiers],
            s3_job_definition={"bucket_criteria": {"includes": {"ands": [{"tag_criterion": tag}]}}},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-{name}"),
            opts=self.child(depends_on=[self._account]),
        )
