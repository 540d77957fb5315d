"""Who may call an API at all: a resource policy as a pure function of addresses (SCH-9, D9)."""

import json
from collections.abc import Sequence
from typing import Any

from components._base.policy_document import Conditions, Principal, Statement, allow
from config.vocabulary import Region

CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
"""AWS's list of the networks from which CloudFront asks origins.
Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html"""
LONGEST = 8192
"""Characters of a resource policy.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"""


def health_checkers(region: Region) -> str:
    """Return the name of AWS's list of the networks from which Route 53 checks health.

    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html
    """
    return f"com.amazonaws.{region}.route53-healthchecks"


def admission(stage: str, *, servers: Sequence[str], checkers: Sequence[str], health_route: str) -> dict[str, Any]:
    """Return the policy, as the API's document holds it, that admits `servers` to every route of a stage and `checkers` to one.

    Both are CIDRs. Within the document a resource is written without the API's id, which nobody knows before it is there. Without an
    Allow nobody gets in, with or without a token.
    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html,
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html

    Raises ValueError when a list is empty, which would let nobody in, or the policy is longer than AWS takes.
    """
    for name, cidrs in (("servers", servers), ("checkers", checkers)):
        if not cidrs:
            raise ValueError(f"{name} must hold at least one network: with none the API answers nobody")
    statements = [
        _admitted("CloudFront", f"execute-api:/{stage}/*", servers),
        _admitted("HealthCheckers", f"execute-api:/{stage}/GET{health_route}", checkers),
    ]
    made = {"Version": "2012-10-17", "Statement": [statement.as_dict() for statement in statements]}
    length = len(json.dumps(made, separators=(",", ":")))
    if length > LONGEST:
        raise ValueError(f"a resource policy has at most {LONGEST} characters (got {length}): ask AWS for more, or join networks")
    return made


def _admitted(sid: str, resource: str, cidrs: Sequence[str]) -> Statement:
    when: Conditions = {"IpAddress": {"aws:SourceIp": sorted(cidrs)}, "Bool": {"aws:SecureTransport": "true"}}
    return allow("execute-api:Invoke", on=[resource], to=[Principal.everyone()], when=when, sid=sid)
