"""What is done at once about a severe finding, before anybody is awake (SEC-8)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.lambda_.function import Function
from pulumi_aws.lambda_.permission import Permission

from components._base import Component, Context, allow, document
from components._base.function import function_name, writes_log
from components._base.log_retention import check_retention
from components._base.policy_document import Document
from components._base.python_function import Program, check_sources, function
from config.vocabulary import DataClass

HANDLER = "services.incident_response.handler.handle"
SEVERE = 7
"""From here on GuardDuty calls a finding high or critical.

Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
"""
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentResponseArgs:
    """What it runs, where instances are cut off, and who is told.

    Raises ValueError when the handler's file is not among the sources, and for a retention that CloudWatch does not know.
    """

    vpc_id: pulumi.Input[str]
    """Network whose instances it can cut off."""
    sources: Mapping[str, str]
    """Path in the package to text; the handler's file among them."""
    alert_topic_arn: pulumi.Input[str]
    topic_key_arn: pulumi.Input[str]
    """KMS key of the topic."""
    log_key_arn: pulumi.Input[str]
    contain: bool = True
    """False: it tells what it would do, and changes nothing."""
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        check_sources(HANDLER, self.sources)


class IncidentResponse(Component, token="security:IncidentResponse"):
    """Severe findings of GuardDuty reach a function that cuts the instance off, keeps its evidence and disables stolen keys (SEC-8)."""

    function_arn: pulumi.Output[str]
    quarantine_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: IncidentResponseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._name = function_name(context, name)
        quarantine = SecurityGroup(
            f"{name}-quarantine",
            name=context.physical(f"{name}-quarantine", limit=255),
            vpc_id=args.vpc_id,
            description="No rule lets anything in or out: instances under investigation",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-quarantine"),
            opts=self.child(),
        )
        response = self._function(quarantine)
        self._rule(response)
        self._alarm()
        self.function_arn = response.arn
        self.quarantine_group_id = quarantine.id
        self.publish()

    def _function(self, quarantine: SecurityGroup) -> Function:
        args = self._args
        program = Program(
            handler=HANDLER,
            files=args.sources,
            description="Contains what severe findings name, and tells what was done",
            timeout_seconds=_TIMEOUT_SECONDS,
            duty="response",
            duty_description="Contains what severe findings name",
            variables={
                "QUARANTINE_GROUP": quarantine.id,
                "ALERT_TOPIC": args.alert_topic_arn,
                "DRY_RUN": "false" if args.contain else "true",
            },
        )
        policy = response_policy(self.context, self._name, args.alert_topic_arn, args.topic_key_arn)
        return function(self, self._component, program, policy, log_key_arn=args.log_key_arn, log_retention_days=args.log_retention_days)

    def _rule(self, response: Function) -> None:
        name = self._component
        pattern = {
            "source": ["aws.guardduty"],
            "detail-type": ["GuardDuty Finding"],
            "detail": {"severity": [{"numeric": [">=", SEVERE]}]},
        }
        rule = EventRule(
            f"{name}-severe",
            name=self._name,
            description="Severe findings of GuardDuty",
            event_pattern=json.dumps(pattern, separators=(",", ":")),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-severe"),
            opts=self.child(),
        )
        called = Permission(
            f"{name}-by-finding",
            statement_id="Findings",
            function=response.name,
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=self.context.arn("events", f"rule/{self._name}"),
            opts=self.child(),
        )
        EventTarget(f"{name}-severe", rule=rule.name, target_id="contain", arn=response.arn, opts=self.child(depends_on=[called]))

    def _alarm(self) -> None:
        """A response that fails must be told of: then nothing was contained."""
        MetricAlarm(
            f"{self._component}-failed",
            name=f"{self._name}-failed",
            alarm_description="The response to a severe finding failed: contain it by hand, see the function's log",
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions={"FunctionName": self._name},
            statistic="Sum",
            period=60,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-failed"),
            opts=self.child(),
        )


def response_policy(context: Context, name: str, topic_arn: pulumi.Input[str], topic_key_arn: pulumi.Input[str]) -> Document:
    """Return what the function may do: look at instances, cut them off, keep their volumes, disable keys, tell, and log.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (what takes no resource).
    """
    instances, interfaces = context.arn("ec2", "instance/*"), context.arn("ec2", "network-interface/*")
    snapshots = context.arn("ec2", "snapshot/*", account="")
    looking = ("DescribeInstances", "DescribeInstanceAttribute", "DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSnapshots")
    return document(
        allow(*(f"ec2:{each}" for each in looking), "autoscaling:DescribeAutoScalingInstances", on=["*"], sid="Look"),
        allow("ec2:ModifyNetworkInterfaceAttribute", on=[interfaces, instances, context.arn("ec2", "security-group/*")], sid="CutOff"),
        allow("ec2:ModifyInstanceAttribute", on=[instances], sid="KeepFromTermination"),
        allow("autoscaling:DetachInstances", on=[context.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")], sid="TakeOut"),
        allow("ec2:CreateSnapshot", on=[context.arn("ec2", "volume/*"), snapshots], sid="KeepVolumes"),
        allow("ec2:CreateTags", on=[instances, snapshots], sid="NameTheIncident"),
        allow("iam:ListAccessKeys", "iam:UpdateAccessKey", on=[context.arn("iam", "user/*", region="")], sid="DisableKeys"),
        allow("sns:Publish", on=[topic_arn], sid="Tell"),
        allow("kms:Decrypt", "kms:GenerateDataKey*", on=[topic_key_arn], sid="TellEncrypted"),
        writes_log(context, name),
    )
