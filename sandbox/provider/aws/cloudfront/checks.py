"""What CloudFront refuses and no schema says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties, known

_EDGE_REGION = "us-east-1"


def distribution_failures(inputs: Properties) -> list[Failure]:
    """Every reason why CloudFront would refuse this distribution; values may be UNKNOWN."""
    return [*_places(inputs), *_caching(inputs), *_certificate(inputs), *_access(inputs)]


def _behaviours(inputs: Properties) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(inputs["defaultCacheBehavior"], dict):
        yield "defaultCacheBehavior", inputs["defaultCacheBehavior"]
    for position, behaviour in enumerate(inputs.get("orderedCacheBehaviors") or []):
        if isinstance(behaviour, dict):
            yield f"orderedCacheBehaviors[{position}]", behaviour


def _places(inputs: Properties) -> Iterator[Failure]:
    declared = [item for kind in ("origins", "originGroups") for item in inputs.get(kind) or [] if isinstance(item, dict)]
    names = [item["originId"] for item in declared]
    if not known(names):
        return
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Failure("origins", f'two have the originId "{name}": each origin and group needs its own')
    for path, behaviour in _behaviours(inputs):
        target = behaviour["targetOriginId"]
        if target is not UNKNOWN and target not in names:
            yield Failure(f"{path}.targetOriginId", f'must be one of {", ".join(names)} (got "{target}")')


def _caching(inputs: Properties) -> Iterator[Failure]:
    for path, behaviour in _behaviours(inputs):
        policy, values = behaviour.get("cachePolicyId"), behaviour.get("forwardedValues")
        if policy and values:
            yield Failure(f"{path}.forwardedValues", "cannot be combined with cachePolicyId: the policy says what is forwarded")
        if not policy and not values:
            yield Failure(f"{path}.cachePolicyId", "needed, unless forwardedValues says what is cached")
        for name in ("minTtl", "defaultTtl", "maxTtl"):
            if policy and behaviour.get(name):
                yield Failure(f"{path}.{name}", "cannot be combined with cachePolicyId: the policy says how long")
        allowed, cached = behaviour["allowedMethods"], behaviour["cachedMethods"]
        if known(allowed, cached) and not set(cached) <= set(allowed):
            yield Failure(f"{path}.cachedMethods", f"must be among allowedMethods ({', '.join(allowed)})")


def _certificate(inputs: Properties) -> Iterator[Failure]:
    declared = inputs["viewerCertificate"]
    if not isinstance(declared, dict):
        return
    own = declared.get("acmCertificateArn") or declared.get("iamCertificateId")
    if own and not declared.get("sslSupportMethod"):
        yield Failure("viewerCertificate.sslSupportMethod", "needed beside a certificate of your own: sni-only")
    if inputs.get("aliases") and not own:
        yield Failure("viewerCertificate.acmCertificateArn", "aliases need a certificate that has them as names")
    region = declared["acmCertificateArn"].split(":")[3] if isinstance(declared.get("acmCertificateArn"), str) else _EDGE_REGION
    if region != _EDGE_REGION:
        yield Failure("viewerCertificate.acmCertificateArn", f"CloudFront takes certificates of {_EDGE_REGION} only (got one of {region})")


def _access(inputs: Properties) -> Iterator[Failure]:
    acl = inputs.get("webAclId")
    if isinstance(acl, str) and acl.startswith("arn:") and f":{_EDGE_REGION}:" not in acl.partition(":global/")[0] + ":":
        yield Failure("webAclId", f"must be a web ACL of scope CLOUDFRONT, which lives in {_EDGE_REGION} (got {acl})")
    elif isinstance(acl, str) and acl.startswith("arn:") and ":global/" not in acl:
        yield Failure("webAclId", f"must be a web ACL of scope CLOUDFRONT (got {acl})")
    for position, origin in enumerate(inputs.get("origins") or []):
        if (
            isinstance(origin, dict)
            and origin.get("originAccessControlId")
            and (origin.get("s3OriginConfig") or {}).get("originAccessIdentity")
        ):
            yield Failure(f"origins[{position}].s3OriginConfig", "an origin has access control or an access identity, not both")
