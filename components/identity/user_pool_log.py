"""What users of a pool did at its door, and what was thought of it (SCH-8, SCH-10)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.cognito.log_delivery_configuration import LogDeliveryConfiguration

from components._base import Component, Context
from components._base.log_retention import check_retention
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class UserPoolLogArgs:
    """Whose log, and how long it is kept.

    Raises ValueError when CloudWatch Logs has no such retention.
    """

    user_pool_id: pulumi.Input[str]
    """A pool of the plan PLUS: others tell no activity."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)


class UserPoolLog(Component, token="identity:UserPoolLog"):
    """An encrypted log of sign-ins, changes of passwords and second factors with their risk, and of mail that could not be sent (SCH-8).

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
    """

    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: UserPoolLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        logs = LogGroup(
            f"{name}-group",
            # Under this beginning AWS's own policy of log groups does not grow with each that is written to.
            name=f"/aws/vendedlogs/cognito/{context.physical(name)}",
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        LogDeliveryConfiguration(
            f"{name}-delivery",
            user_pool_id=args.user_pool_id,
            log_configurations=[
                {"event_source": source, "log_level": level, "cloud_watch_logs_configuration": {"log_group_arn": logs.arn}}
                for source, level in (("userAuthEvents", "INFO"), ("userNotification", "ERROR"))
            ],
            opts=self.child(),
        )
        self.log_group_name = logs.name
        self.publish()
