"""Each pattern is proven on events: what it must catch, and what resembles that and must pass."""

import re
from typing import Any

import botocore.session
import pytest

from components.observability.trail_patterns import PATTERNS, TrailPattern
from tests.kit.filter_pattern import matches
from tests.kit.trail_events import call, sign_in

ROOT = {"type": "Root", "arn": "arn:aws:iam::123456789012:root"}
Events = list[dict[str, Any]]

CAUGHT: dict[str, Events] = {
    "root-use": [call("ec2", "DescribeInstances", userIdentity=ROOT), sign_in(kind="Root")],
    "unauthorised-calls": [
        call("ec2", "RunInstances", errorCode="Client.UnauthorizedOperation"),
        call("s3", "GetObject", errorCode="AccessDenied"),
        call("dynamodb", "Scan", errorCode="AccessDeniedException"),
    ],
    "sign-in-without-mfa": [sign_in(mfa="No")],
    "identity-changes": [call("iam", "PutRolePolicy"), call("iam", "DetachGroupPolicy"), call("iam", "CreatePolicyVersion")],
    "trail-changes": [call("cloudtrail", "StopLogging"), call("cloudtrail", "DeleteTrail"), call("cloudtrail", "PutEventSelectors")],
    "sign-in-failures": [sign_in(outcome="Failure")],
    "key-loss": [call("kms", "DisableKey"), call("kms", "ScheduleKeyDeletion")],
    "bucket-policy-changes": [call("s3", "PutBucketPolicy"), call("s3", "DeleteBucketReplication")],
    "recorder-changes": [call("config", "StopConfigurationRecorder"), call("config", "PutDeliveryChannel")],
    "security-group-changes": [call("ec2", "AuthorizeSecurityGroupIngress"), call("ec2", "ModifySecurityGroupRules")],
    "network-acl-changes": [call("ec2", "CreateNetworkAclEntry"), call("ec2", "ReplaceNetworkAclAssociation")],
    "gateway-changes": [call("ec2", "AttachInternetGateway"), call("ec2", "CreateCustomerGateway")],
    "route-changes": [call("ec2", "ReplaceRoute"), call("ec2", "DisassociateRouteTable")],
    "vpc-changes": [call("ec2", "CreateVpc"), call("ec2", "AcceptVpcPeeringConnection")],
    "organization-changes": [call("organizations", "LeaveOrganization"), call("organizations", "DetachPolicy")],
}
PASSED: dict[str, Events] = {
    "root-use": [
        call("ec2", "DescribeInstances"),
        call("kms", "Decrypt", userIdentity={**ROOT, "invokedBy": "backup.amazonaws.com"}),
        call("kms", "RotateKey", userIdentity=ROOT, eventType="AwsServiceEvent"),
    ],
    "unauthorised-calls": [
        call("s3", "GetObject", errorCode="NoSuchKey"),
        call("s3", "HeadBucket", errorCode="AccessDenied"),
        call("s3", "PutObject", errorCode="AccessDenied", sourceIPAddress="delivery.logs.amazonaws.com"),
    ],
    "sign-in-without-mfa": [sign_in(), sign_in(kind="AssumedRole", mfa="No"), sign_in(mfa="No", outcome="Failure")],
    "identity-changes": [call("iam", "GetPolicy"), call("iam", "CreateUser"), call("organizations", "CreatePolicy")],
    "trail-changes": [call("cloudtrail", "LookupEvents"), call("cloudtrail", "GetTrailStatus"), call("logs", "StopLogging")],
    "sign-in-failures": [sign_in(), call("signin", "CheckMfa", errorMessage="Failed authentication")],
    "key-loss": [call("kms", "EnableKey"), call("kms", "CancelKeyDeletion"), call("ec2", "DisableKey")],
    "bucket-policy-changes": [call("s3", "GetBucketPolicy"), call("s3", "PutObject"), call("s3-outposts", "PutBucketPolicy")],
    "recorder-changes": [call("config", "DescribeConfigurationRecorders"), call("config", "StartConfigurationRecorder")],
    "security-group-changes": [call("ec2", "DescribeSecurityGroups"), call("rds", "AuthorizeDBSecurityGroupIngress")],
    "network-acl-changes": [call("ec2", "DescribeNetworkAcls"), call("wafv2", "CreateWebACL")],
    "gateway-changes": [call("ec2", "CreateNatGateway"), call("apigateway", "CreateRestApi")],
    "route-changes": [call("ec2", "DescribeRouteTables"), call("apigatewayv2", "CreateRoute"), call("apigatewayv2", "DeleteRoute")],
    "vpc-changes": [call("ec2", "DescribeVpcs"), call("ec2", "CreateVpcEndpoint")],
    "organization-changes": [call("organizations", "ListAccounts"), call("iam", "DetachPolicy")],
}


@pytest.mark.parametrize("each", PATTERNS, ids=lambda each: each.name)
def test_a_pattern_catches_what_it_is_for_and_lets_pass_what_resembles_it(each: TrailPattern) -> None:
    assert CAUGHT[each.name] and PASSED[each.name]
    for event in CAUGHT[each.name]:
        assert matches(each.pattern, event), event
    for event in PASSED[each.name]:
        assert not matches(each.pattern, event), event


def test_ordinary_work_of_people_and_services_raises_nothing() -> None:
    ordinary = [call("ec2", "DescribeVpcs"), call("kms", "Decrypt"), call("s3", "PutObject"), call("sts", "AssumeRole"), sign_in()]
    assert not [each.name for each in PATTERNS for event in ordinary if matches(each.pattern, event)]


def test_every_clause_on_monitoring_has_its_pattern() -> None:
    clauses = {clause for each in PATTERNS for clause in each.clause.split(", ")}
    assert clauses >= {f"4.{number}" for number in range(1, 16)}
    assert len({each.name for each in PATTERNS}) == len(PATTERNS)


def test_every_call_named_is_one_that_its_service_has() -> None:
    session = botocore.session.get_session()
    renamed = {"PutBucketLifecycle", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"}
    gone = {"AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink"}
    for each in PATTERNS:
        source = re.search(r'eventSource = "([a-z0-9]+)\.', each.pattern)
        known = set(session.get_service_model(source.group(1) if source else "ec2").operation_names) | renamed | gone | {"ConsoleLogin"}
        for name in re.findall(r"\$\.eventName = \"?(\w+)", each.pattern):
            assert name in known, f"{each.name} names {name}"


def test_a_pattern_that_cloudwatch_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 1024 characters"):
        TrailPattern(name="x", says="x", pattern="x" * 1025, clause="x")
    with pytest.raises(ValueError, match="threshold of x must be at least 1"):
        TrailPattern(name="x", says="x", pattern="x", clause="x", threshold=0)


@pytest.mark.parametrize("malformed", ["{ $.a = 1", "{ a = 1 }", "{ $.a ~ 1 }", "{ $.a = 1 } }", "$.a = 1"])
def test_the_judge_of_patterns_refuses_what_is_none(malformed: str) -> None:
    with pytest.raises(ValueError):
        matches(malformed, {})
