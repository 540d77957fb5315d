"""A distribution's configuration: from the program's spelling to CloudFront's and back."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, canonical

# What CloudFront answers for members that were left out.
DEFAULTS = {
    "connectionAttempts": 3,
    "connectionTimeout": 10,
    "cloudfrontDefaultCertificate": True,
    "minimumProtocolVersion": "TLSv1",
    "originKeepaliveTimeout": 5,
    "originReadTimeout": 30,
    "sslSupportMethod": "vip",
}
# What a live configuration does not show because there is none of it.
EMPTY: Properties = {
    "aliases": [],
    "comment": "",
    "customErrorResponses": [],
    "defaultRootObject": "",
    "loggingConfig": {},
    "orderedCacheBehaviors": [],
    "originGroups": [],
    "webAclId": "",
}
_CONFIG = Translation(
    "cloudfront",
    "CreateDistribution",
    below="DistributionConfig",
    names={
        "Origin.originId": "Id",
        "OriginGroup.originId": "Id",
        "OriginCustomHeader.name": "HeaderName",
        "OriginCustomHeader.value": "HeaderValue",
        "GeoRestriction.locations": "Items",
        "lambdaArn": "LambdaFunctionARN",
        "loggingConfig": "Logging",
        "orderedCacheBehaviors": "CacheBehaviors",
    },
    apart=frozenset({"retainOnDelete", "waitForDeployment", "trustedSigners.items"}),
)
_OFF = {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""}


def failures(inputs: Properties) -> list[Failure]:
    """What CloudFront's own model does not allow; values may be UNKNOWN."""
    return _CONFIG.failures({**_nested(inputs), "callerReference": UNKNOWN})


def request(inputs: Properties, reference: str) -> Properties:
    """The whole configuration: what the program leaves out is stated as CloudFront has it."""
    config = _CONFIG.request(_nested(inputs))
    return {
        "Aliases": {"Quantity": 0},
        "CacheBehaviors": {"Quantity": 0},
        "CustomErrorResponses": {"Quantity": 0},
        "DefaultRootObject": "",
        "Logging": _OFF,
        "OriginGroups": {"Quantity": 0},
        "WebACLId": "",
        **config,
        "CallerReference": reference,
    }


def properties(token: str, config: dict[str, Any]) -> Properties:
    """A live configuration as the program writes it."""
    return _flat(_CONFIG.properties(token, config), config)


def same(token: str, wanted: dict[str, Any], live: dict[str, Any]) -> bool:
    """Whether a wanted configuration says what the live one is already."""
    declared = properties(token, wanted)
    return canonical(aligned(declared, properties(token, live), defaults=DEFAULTS)) == canonical(declared)


def _nested(inputs: Properties) -> Properties:
    """Inputs with allowed methods, logs and empty S3 origins where CloudFront has them."""
    found = {**inputs, "comment": inputs.get("comment") or ""}
    found["defaultCacheBehavior"] = _behaviour(inputs["defaultCacheBehavior"])
    for name, change in (("orderedCacheBehaviors", _behaviour), ("origins", _origin)):
        if isinstance(inputs.get(name), list):
            found[name] = [change(item) for item in inputs[name]]
    if isinstance(inputs.get("loggingConfig"), dict):
        found["loggingConfig"] = {"enabled": True, "includeCookies": False, "prefix": "", **inputs["loggingConfig"]}
    return found


def _behaviour(declared: Any) -> Any:
    if not isinstance(declared, dict):
        return declared
    rest = {key: value for key, value in declared.items() if key not in ("allowedMethods", "cachedMethods")}
    return rest | {"allowedMethods": {"items": declared["allowedMethods"], "cachedMethods": declared["cachedMethods"]}}


def _origin(declared: Any) -> Any:
    kinds = ("customOriginConfig", "s3OriginConfig", "vpcOriginConfig")
    if not isinstance(declared, dict) or any(declared.get(kind) for kind in kinds):
        return declared
    # CloudFront wants to know the kind of every origin; the provider takes one without a kind as a bucket.
    return declared | {"s3OriginConfig": {"originAccessIdentity": ""}}


def _flat(found: Properties, config: dict[str, Any]) -> Properties:
    """What `_nested` did, undone; `config` is the configuration that `found` was made of."""
    raw = [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors", {}).get("Items") or [])]
    for behaviour, live in zip([found["defaultCacheBehavior"], *found.get("orderedCacheBehaviors", [])], raw, strict=True):
        methods = live.get("AllowedMethods", {})
        behaviour["allowedMethods"] = list(methods.get("Items", []))
        behaviour["cachedMethods"] = list(methods.get("CachedMethods", {}).get("Items", []))
    for origin in found.get("origins", []):
        if not origin.get("s3OriginConfig"):
            origin.pop("s3OriginConfig", None)
    if not config.get("Logging", {}).get("Enabled"):
        found.pop("loggingConfig", None)
    return {name: value for name, value in found.items() if value != []}
