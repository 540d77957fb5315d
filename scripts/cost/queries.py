"""How AWS's price list is asked for each key of the tables: a service, and attributes that leave one product.

Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scripts.cost.prices import GLOBAL

_PREFIXES: Mapping[str, str] = {"us-east-1": "", "us-west-2": "USW2-", "eu-west-1": "EU-", "eu-central-1": "EUC1-", "sa-east-1": "SAE1-"}
"""What usage types of a region begin with, as bills spell them."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question that has one answer."""

    service: str
    filters: Mapping[str, str] = field(default_factory=dict)
    times: Decimal = Decimal(1)
    """Units of the list in one of ours: prices of requests are listed for one, and kept for a million."""


def query_of(key: str, region: str) -> Query | None:
    """Return the question for a key in a region; None where none is known, as for what is billed by others."""
    if region == GLOBAL:
        region = "us-east-1"
    if region not in _PREFIXES:
        return None
    kind, _, rest = key.partition(":")
    special = _BY_KIND.get(kind)
    if special and (found := special(rest, region)):
        return found
    known = _USAGE.get(key)
    if known is None:
        return None
    service, usage, times = known
    return Query(service=service, filters={"regionCode": region, "usagetype": _PREFIXES[region] + usage}, times=Decimal(times))


def _ec2(kind: str, region: str) -> Query:
    filters = {"instanceType": kind, "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}
    return Query(service="AmazonEC2", filters={"regionCode": region, **filters})


def _rds(rest: str, region: str) -> Query | None:
    engine, _, kind = rest.partition(":")
    kind, _, standby = kind.partition(":")
    if not kind:
        usage = {"gp3": "RDS:GP3-Storage", "gp3-iops": "RDS:GP3-PIOPS", "backup": "RDS:ChargedBackupUsage"}.get(rest)
        filters = {"regionCode": region, "usagetype": f"{_PREFIXES[region]}{usage}", "databaseEngine": "PostgreSQL"}
        return Query(service="AmazonRDS", filters=filters) if usage else None
    name = {"postgres": "PostgreSQL"}.get(engine, engine)
    return Query(
        service="AmazonRDS",
        filters={
            "regionCode": region,
            "instanceType": kind,
            "databaseEngine": name,
            "deploymentOption": "Multi-AZ" if standby else "Single-AZ",
        },
    )


def _cache(rest: str, region: str) -> Query:
    engine, _, kind = rest.partition(":")
    return Query(service="AmazonElastiCache", filters={"regionCode": region, "instanceType": kind, "cacheEngine": engine.capitalize()})


_BY_KIND: Mapping[str, Callable[[str, str], Query | None]] = {"ec2": _ec2, "rds": _rds, "elasticache": _cache}
_USAGE: Mapping[str, tuple[str, str, str]] = {
    "alarm:fast": ("AmazonCloudWatch", "CW:HighResAlarmMonitorUsage", "1"),
    "alarm:standard": ("AmazonCloudWatch", "CW:AlarmMonitorUsage", "1"),
    "alb:hour": ("AWSELB", "LoadBalancerUsage", "1"),
    "alb:unit": ("AWSELB", "LCUUsage", "1"),
    "api:cache-0.5": ("AmazonApiGateway", "ApiGatewayCacheUsage:0.5GB", "1"),
    "api:requests": ("AmazonApiGateway", "ApiGatewayRequest", "1000000"),
    "config:evaluation": ("AWSConfig", "ConfigRuleEvaluations", "1"),
    "config:item": ("AWSConfig", "ConfigurationItemRecorded", "1"),
    "dynamodb:gb": ("AmazonDynamoDB", "TimedStorage-ByteHrs", "1"),
    "dynamodb:reads": ("AmazonDynamoDB", "ReadRequestUnits", "1000000"),
    "dynamodb:recovery": ("AmazonDynamoDB", "TimedPITRStorage-ByteHrs", "1"),
    "dynamodb:replicated-writes": ("AmazonDynamoDB", "ReplWriteRequestUnits", "1000000"),
    "dynamodb:writes": ("AmazonDynamoDB", "WriteRequestUnits", "1000000"),
    "ebs:gp3": ("AmazonEC2", "EBS:VolumeUsage.gp3", "1"),
    "ebs:gp3-iops": ("AmazonEC2", "EBS:VolumeP-IOPS.gp3", "1"),
    "efs:standard": ("AmazonEFS", "TimedStorage-ByteHrs", "1"),
    "endpoint:gb": ("AmazonVPC", "VpcEndpoint-Bytes", "1"),
    "endpoint:hour": ("AmazonVPC", "VpcEndpoint-Hours", "1"),
    "ipv4:hour": ("AmazonVPC", "PublicIPv4:InUseAddress", "1"),
    "lambda:arm": ("AWSLambda", "Lambda-GB-Second-ARM", "1"),
    "lambda:calls": ("AWSLambda", "Request", "1000000"),
    "lambda:x86": ("AWSLambda", "Lambda-GB-Second", "1"),
    "logs:kept": ("AmazonCloudWatch", "TimedStorage-ByteHrs", "1"),
    "logs:written": ("AmazonCloudWatch", "DataProcessing-Bytes", "1"),
    "metric:custom": ("AmazonCloudWatch", "CW:MetricMonitorUsage", "1"),
    "nat:gb": ("AmazonEC2", "NatGateway-Bytes", "1"),
    "nat:hour": ("AmazonEC2", "NatGateway-Hours", "1"),
    "s3:puts": ("AmazonS3", "Requests-Tier1", "1000"),
    "s3:standard": ("AmazonS3", "TimedStorage-ByteHrs", "1"),
    "sns:requests": ("AmazonSNS", "Requests-Tier1", "1000000"),
    "sqs:requests": ("AWSQueueService", "Requests-Tier1", "1000000"),
    "tgw:gb": ("AmazonVPC", "TransitGateway-Bytes", "1"),
    "tgw:hour": ("AmazonVPC", "TransitGateway-Hours", "1"),
    "transfer:internet": ("AWSDataTransfer", "DataTransfer-Out-Bytes", "1"),
    "transfer:zone": ("AWSDataTransfer", "DataTransfer-Regional-Bytes", "1"),
    "vpn:hour": ("AmazonVPC", "VPN-Usage-Hours:ipsec.1", "1"),
}
"""Service, usage type without the region's prefix, and units of the list in one of the tables'."""
