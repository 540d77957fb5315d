"""What the statements let happen, judged as S3 would."""

import pytest

from components._base import Statement, document
from components.data.bucket_statements import (
    bucket_arn,
    distribution_logs,
    distribution_reads,
    load_balancer_logs,
    server_access_logs,
    tls_only,
)
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed, denied

CONTEXT = a_context()
ARN = bucket_arn(CONTEXT, "logs")
OTHER_ACCOUNT = "999999999999"
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"


def _policy(*statements: Statement) -> str:
    text = document(*statements)
    assert isinstance(text, str)
    return text


def _put(key: str, principal: str, *, source_account: str = "", source_arn: str = "", acl: str = "") -> Request:
    context = {"aws:SourceAccount": source_account, "aws:SourceArn": source_arn, "s3:x-amz-acl": acl}
    present = {name: value for name, value in context.items() if value}
    return Request(action="s3:PutObject", resource=f"{ARN}/{key}", principal=principal, context=present)


def test_the_arn_of_a_bucket_is_known_from_its_name() -> None:
    assert ARN == "arn:aws:s3:::morefocus-prod-use1-logs"


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteBucketPolicy"])
@pytest.mark.parametrize("resource", [ARN, f"{ARN}/some/key"])
def test_plaintext_and_old_tls_are_denied_to_everyone_for_everything(action: str, resource: str) -> None:
    policy = _policy(*tls_only(ARN))
    plain = Request(action=action, resource=resource, principal=ADMIN, context={"aws:SecureTransport": "false"})
    old = Request(action=action, resource=resource, principal=ADMIN, context={"aws:SecureTransport": "true", "s3:TlsVersion": "1.1"})
    assert denied(policy, plain)
    assert denied(policy, old)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_tls_from_1_2_on_is_left_to_iam(version: str) -> None:
    policy = _policy(*tls_only(ARN))
    request = Request(
        action="s3:GetObject", resource=f"{ARN}/key", principal=ADMIN, context={"aws:SecureTransport": "true", "s3:TlsVersion": version}
    )
    assert not denied(policy, request)
    assert not allowed(policy, request)


def test_the_platforms_buckets_write_their_access_logs() -> None:
    policy = _policy(server_access_logs(CONTEXT, ARN))
    key, service = "buckets/morefocus-prod-use1-files/2026-11-22", "logging.s3.amazonaws.com"
    ours = "arn:aws:s3:::morefocus-prod-use1-files"
    assert allowed(policy, _put(key, service, source_account=ACCOUNT, source_arn=ours))
    assert not allowed(policy, _put(key, service, source_account=OTHER_ACCOUNT, source_arn=ours))
    assert not allowed(policy, _put(key, service, source_account=ACCOUNT, source_arn="arn:aws:s3:::another"))
    assert not allowed(policy, _put("elsewhere/key", service, source_account=ACCOUNT, source_arn=ours))
    assert not allowed(policy, _put(key, ADMIN, source_account=ACCOUNT, source_arn=ours))


def test_load_balancers_write_under_this_accounts_path_only() -> None:
    policy = _policy(load_balancer_logs(CONTEXT, ARN))
    service = "logdelivery.elasticloadbalancing.amazonaws.com"
    assert allowed(policy, _put(f"load-balancer/AWSLogs/{ACCOUNT}/elasticloadbalancing/us-east-1/log.gz", service))
    assert allowed(policy, _put(f"load-balancer/AWSLogs/{ACCOUNT}/ELBAccessLogTestFile", service))
    assert not allowed(policy, _put(f"load-balancer/AWSLogs/{OTHER_ACCOUNT}/elasticloadbalancing/us-east-1/log.gz", service))
    assert not allowed(policy, _put(f"load-balancer/AWSLogs/{ACCOUNT}/key", ADMIN))


def test_distributions_of_this_account_deliver_their_logs() -> None:
    policy = _policy(distribution_logs(CONTEXT, ARN))
    key, service, acl = f"AWSLogs/{ACCOUNT}/CloudFront/E1/2026/11/22", "delivery.logs.amazonaws.com", "bucket-owner-full-control"
    source = f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:content"
    theirs = f"arn:aws:logs:us-east-1:{OTHER_ACCOUNT}:delivery-source:content"
    assert allowed(policy, _put(key, service, source_account=ACCOUNT, source_arn=source, acl=acl))
    assert not allowed(policy, _put(key, service, source_account=OTHER_ACCOUNT, source_arn=theirs, acl=acl))
    assert not allowed(policy, _put(key, service, source_account=ACCOUNT, source_arn=theirs, acl=acl))
    assert not allowed(policy, _put(f"AWSLogs/{OTHER_ACCOUNT}/CloudFront/E1", service, source_account=ACCOUNT, source_arn=source, acl=acl))


@pytest.mark.parametrize(("action", "resource"), [("s3:GetObject", f"{ARN}/index.html"), ("s3:ListBucket", ARN)])
def test_one_distribution_reads_and_no_other(action: str, resource: str) -> None:
    policy = _policy(*distribution_reads(ARN, DISTRIBUTION))
    service = "cloudfront.amazonaws.com"
    assert allowed(policy, Request(action=action, resource=resource, principal=service, context={"aws:SourceArn": DISTRIBUTION}))
    other = Request(action=action, resource=resource, principal=service, context={"aws:SourceArn": DISTRIBUTION + "2"})
    assert not allowed(policy, other)
    assert not allowed(policy, Request(action=action, resource=resource, principal=service))
    assert not allowed(policy, Request(action=action, resource=resource, principal=ADMIN, context={"aws:SourceArn": DISTRIBUTION}))


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy"])
def test_a_distribution_changes_nothing(action: str) -> None:
    policy = _policy(*distribution_reads(ARN, DISTRIBUTION))
    context = {"aws:SourceArn": DISTRIBUTION}
    for resource in (ARN, f"{ARN}/index.html"):
        assert not allowed(policy, Request(action=action, resource=resource, principal="cloudfront.amazonaws.com", context=context))
