"""What may be done through each VPC endpoint: plain policy documents (NET-9).

Every policy keeps foreign identities out, so that stolen credentials of another account cannot carry data away through
the estate's own endpoints; where a service's resources are the estate's alone, foreign resources are kept out as well.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from components._base import Context, Principal, Statement, allow, document
from components._base.policy_document import Conditions, Document

GATEWAY_SERVICES = ("s3", "dynamodb")


@dataclass(frozen=True, slots=True)
class InterfaceService:
    """How the policy of an interface endpoint is written."""

    iam_prefix: str
    own_resources: bool = False
    """True when no caller has business with resources of another account, such as AWS's own images and parameters."""


INTERFACE_SERVICES: Mapping[str, InterfaceService] = {
    "autoscaling": InterfaceService("autoscaling"),
    "ec2": InterfaceService("ec2"),
    "ecr.api": InterfaceService("ecr"),
    "ecr.dkr": InterfaceService("ecr"),
    "eks": InterfaceService("eks", own_resources=True),
    "eks-auth": InterfaceService("eks-auth", own_resources=True),
    "elasticfilesystem": InterfaceService("elasticfilesystem", own_resources=True),
    "elasticloadbalancing": InterfaceService("elasticloadbalancing"),
    "kms": InterfaceService("kms", own_resources=True),
    "logs": InterfaceService("logs", own_resources=True),
    "monitoring": InterfaceService("cloudwatch"),
    "secretsmanager": InterfaceService("secretsmanager", own_resources=True),
    "sqs": InterfaceService("sqs", own_resources=True),
    "ssm": InterfaceService("ssm"),
    "ssmmessages": InterfaceService("ssmmessages"),
    "sts": InterfaceService("sts"),
}
"""Interface endpoints the platform knows, by the last part of `com.amazonaws.<region>.<service>`.

Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html, read on 2026-11-22.
"""


def check_interface_services(services: Sequence[str]) -> None:
    """Raise ValueError when a service is unknown, given twice, or always has its gateway endpoint."""
    for service in services:
        if service in GATEWAY_SERVICES:
            raise ValueError(f"{service} always has its gateway endpoint: leave it out of interface_services")
        if service not in INTERFACE_SERVICES:
            near = get_close_matches(service, INTERFACE_SERVICES, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"interface_services knows {', '.join(INTERFACE_SERVICES)} (got {service!r}{hint})")
    if len(set(services)) != len(services):
        raise ValueError(f"interface_services must differ (got {', '.join(services)})")


def interface_policy(context: Context, service: str) -> Document:
    """Return the policy of an interface endpoint. Raises KeyError for a service the table lacks."""
    known = INTERFACE_SERVICES[service]
    conditions = _own(context, resources_too=known.own_resources)
    return document(_perimeter(f"{known.iam_prefix}:*", conditions))


def dynamodb_policy(context: Context) -> Document:
    """Return the policy of the DynamoDB gateway endpoint: the estate's identities on the estate's tables."""
    return document(_perimeter("dynamodb:*", _own(context, resources_too=True)))


def s3_policy(context: Context, readable_buckets: Sequence[str]) -> Document:
    """Return the policy of the S3 gateway endpoint.

    All requests to S3 in the region pass through it. The estate's identities may use the estate's buckets; anyone may
    read what nodes need of AWS (layers of ECR images, packages of Amazon Linux) and of the `readable_buckets`.
    Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html (layer bucket),
    https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html (package bucket).
    """
    region = context.region.value
    readable = [
        f"prod-{region}-starport-layer-bucket",
        f"al2023-repos-{region}-de612dc2",
        *readable_buckets,
    ]
    return document(
        _perimeter("s3:*", _own(context, resources_too=True)),
        allow(
            "s3:GetObject",
            on=[f"arn:aws:s3:::{bucket}/*" for bucket in readable],
            to=[Principal.everyone()],
            when={"Bool": {"aws:SecureTransport": "true"}},
            sid="ReadPublishedFiles",
        ),
    )


def _perimeter(actions: str, conditions: Conditions) -> Statement:
    return allow(actions, on=["*"], to=[Principal.everyone()], when=conditions, sid="OwnIdentities")


def _own(context: Context, *, resources_too: bool) -> Conditions:
    own = {"StringEquals": {"aws:PrincipalAccount": context.account_id}}
    if not resources_too:
        return own
    # Requests that list or make something name no resource, hence IfExists.
    return own | {"StringEqualsIfExists": {"aws:ResourceAccount": context.account_id}}
