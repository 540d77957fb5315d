"""How the web client's distribution hands `/api/<region>/...` to the APIs of the regions (SCH-2, D9)."""

from collections.abc import Mapping

import pulumi
from pulumi_aws.cloudfront._inputs import DistributionOrderedCacheBehaviorArgsDict, DistributionOriginArgsDict

from components.edge.managed_policies import ALL_BUT_HOST, CACHING_DISABLED, METHODS
from components.edge.tls_origin import tls_origin

_ANSWER_SECONDS = 30
"""API Gateway gives up after 29."""


def api_origins(apis: Mapping[str, str]) -> list[DistributionOriginArgsDict]:
    """Return an origin for each API, by its region's code."""
    return [tls_origin(f"api-{code}", host, seconds=_ANSWER_SECONDS) for code, host in apis.items()]


def api_behaviors(
    apis: Mapping[str, str], *, function_arn: pulumi.Input[str], headers_policy_id: pulumi.Input[str]
) -> list[DistributionOrderedCacheBehaviorArgsDict]:
    """Return a behaviour for each API, which keeps no answer and changes none: an API's 404 stays one."""
    return [_behavior(code, function_arn, headers_policy_id) for code in apis]


def _behavior(code: str, function_arn: pulumi.Input[str], headers_policy_id: pulumi.Input[str]) -> DistributionOrderedCacheBehaviorArgsDict:
    return {
        "path_pattern": f"/api/{code}/*",
        "target_origin_id": f"api-{code}",
        "viewer_protocol_policy": "https-only",
        "allowed_methods": list(METHODS),
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": CACHING_DISABLED,
        "origin_request_policy_id": ALL_BUT_HOST,
        "response_headers_policy_id": headers_policy_id,
        "compress": True,
        "function_associations": [{"event_type": "viewer-request", "function_arn": function_arn}],
    }
