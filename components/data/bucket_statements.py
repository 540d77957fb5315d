"""Who may use a bucket: the statements of bucket policies, as pure functions of ARNs."""

import pulumi

from components._base.context import Context
from components._base.policy_document import Principal, Statement, allow, deny

LOAD_BALANCER_PREFIX = "load-balancer"
"""Where load balancers write in a log bucket, unless told otherwise."""
SERVER_ACCESS_PREFIX = "buckets"
"""Where other buckets write in a log bucket; each under its own name."""

FINDINGS_PREFIX = "guardduty"
"""Where threat detection writes in a log bucket."""


def bucket_arn(context: Context, name: str) -> str:
    """Return the ARN of the bucket component `name`, known before it exists."""
    return context.arn("s3", context.physical(name), region="", account="")


def tls_only(arn: str) -> tuple[Statement, ...]:
    """Deny every request that comes without TLS, or with a TLS older than 1.2.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """
    everything, everyone = [arn, f"{arn}/*"], [Principal.everyone()]
    return (
        deny("s3:*", on=everything, to=everyone, when={"Bool": {"aws:SecureTransport": "false"}}, sid="DenyPlaintext"),
        deny("s3:*", on=everything, to=everyone, when={"NumericLessThan": {"s3:TlsVersion": "1.2"}}, sid="DenyOldTls"),
    )


def server_access_logs(context: Context, arn: str) -> Statement:
    """Let this stack's buckets write their server access logs under `SERVER_ACCESS_PREFIX`.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    return allow(
        "s3:PutObject",
        on=[f"{arn}/{SERVER_ACCESS_PREFIX}/*"],
        to=[Principal.services("logging.s3.amazonaws.com")],
        when={
            "StringEquals": {"aws:SourceAccount": context.account_id},
            "ArnLike": {"aws:SourceArn": context.arn("s3", f"{context.prefix}-*", region="", account="")},
        },
        sid="ServerAccessLogs",
    )


def load_balancer_logs(context: Context, arn: str, prefix: str = LOAD_BALANCER_PREFIX) -> Statement:
    """Let load balancers of this account write under `prefix`; the bucket must use SSE-S3.

    AWS writes no source condition here: the account in the path is what keeps other customers out.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    return allow(
        "s3:PutObject",
        on=[f"{arn}/{prefix}/AWSLogs/{context.account_id}/*"],
        to=[Principal.services("logdelivery.elasticloadbalancing.amazonaws.com")],
        sid="LoadBalancerLogs",
    )


def distribution_logs(context: Context, arn: str) -> Statement:
    """Let CloudWatch Logs deliver the access logs of this account's distributions.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    """
    return allow(
        "s3:PutObject",
        on=[f"{arn}/AWSLogs/{context.account_id}/CloudFront/*"],
        to=[Principal.services("delivery.logs.amazonaws.com")],
        when={
            "StringEquals": {"aws:SourceAccount": context.account_id, "s3:x-amz-acl": "bucket-owner-full-control"},
            "ArnLike": {"aws:SourceArn": context.arn("logs", "delivery-source:*", region="us-east-1")},
        },
        sid="DistributionLogs",
    )


def threat_findings(context: Context, arn: str) -> tuple[Statement, ...]:
    """Let this account's GuardDuty detectors of the region keep their findings.

    Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
    """
    detectors = {
        "StringEquals": {"aws:SourceAccount": context.account_id},
        "ArnLike": {"aws:SourceArn": context.arn("guardduty", "detector/*")},
    }
    writer = [Principal.services("guardduty.amazonaws.com")]
    return (
        allow("s3:PutObject", on=[f"{arn}/{FINDINGS_PREFIX}/*"], to=writer, when=detectors, sid="ThreatFindings"),
        allow("s3:GetBucketLocation", on=[arn], to=writer, when=detectors, sid="ThreatFindingsFindBucket"),
    )


def distribution_reads(arn: str, distribution_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Let one CloudFront distribution, and nobody else, read the bucket (NET-4).

    It may list as well, so that a missing file answers 404: without, S3 answers 403, which a web ACL answers too.
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    reader = [Principal.services("cloudfront.amazonaws.com")]
    return (
        allow(
            "s3:GetObject",
            on=[f"{arn}/*"],
            to=reader,
            when={"StringEquals": {"aws:SourceArn": distribution_arn}},
            sid="DistributionReads",
        ),
        allow("s3:ListBucket", on=[arn], to=reader, when={"StringEquals": {"aws:SourceArn": distribution_arn}}, sid="DistributionLists"),
    )
