"""What the role of a function may do, by what the function has: exact actions on exact resources (SCH-7)."""

from collections.abc import Mapping

import pulumi

from components._base import Context, Statement, allow, deny
from components._base.function import writes_log

_INTERFACES = (
    *("ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"),
)


def own_statements(context: Context, function: str, *, key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what every function needs: its log, its traces and the key of its environment.

    X-Ray has no resources to name. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    """
    return [
        writes_log(context, function),
        allow("xray:PutTelemetryRecords", "xray:PutTraceSegments", on=["*"], sid="Trace"),
        allow("kms:Decrypt", on=[key_arn], sid="ReadItsEnvironment"),
    ]


def reads_secrets(context: Context, secrets: Mapping[str, pulumi.Input[str]], key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what reading `secrets` needs, by the extension that asks in the function's name; none without secrets."""
    if not secrets:
        return []
    through = {"StringEquals": {"kms:ViaService": f"secretsmanager.{context.region}.amazonaws.com"}}
    return [
        allow("secretsmanager:GetSecretValue", on=list(secrets.values()), sid="ReadSecrets"),
        allow("kms:Decrypt", on=[key_arn], when=through, sid="DecryptSecrets"),
    ]


def tells_of_failures(queue_arn: pulumi.Input[str] | None, key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what Lambda needs to park a call that failed in a queue; none without one."""
    if queue_arn is None:
        return []
    return [
        allow("sqs:SendMessage", on=[queue_arn], sid="ParkFailures"),
        allow("kms:GenerateDataKey", on=[key_arn], sid="ParkEncrypted"),
    ]


def stands_in_network(context: Context, function: str) -> list[Statement]:
    """Return what Lambda needs to put the function into a network, kept from the function's own code.

    The interfaces do not exist yet when they are made, so that none can be named.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (security best practices)
    """
    own = {"ArnEquals": {"lambda:SourceFunctionArn": context.arn("lambda", f"function:{function}")}}
    return [
        allow(*_INTERFACES, on=["*"], sid="StandInTheNetwork"),
        deny(*_INTERFACES, on=["*"], when=own, sid="NotByItsCode"),
    ]
