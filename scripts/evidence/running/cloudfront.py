"""Distributions."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, text
from scripts.evidence.running.reader import Reader


def distribution(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who is let in, how, from where, and what is written down."""
    found = place.everywhere("cloudfront", "get_distribution_config", Id=text(resource, "id"))["DistributionConfig"]
    config = camel(found)
    geo = found["Restrictions"]["GeoRestriction"]
    return {
        "enabled": found["Enabled"],
        "webAclId": found.get("WebACLId") or None,
        "viewerCertificate": _certificate(config.get("viewerCertificate", {})),
        "defaultCacheBehavior": _behaviour(found["DefaultCacheBehavior"]),
        "orderedCacheBehaviors": [_behaviour(each) for each in found.get("CacheBehaviors", {}).get("Items", ())] or None,
        "origins": [_origin(each) for each in found["Origins"]["Items"]],
        "restrictions": {"geoRestriction": {"restrictionType": geo["RestrictionType"], "locations": geo.get("Items", [])}},
        "aliases": found.get("Aliases", {}).get("Items") or None,
        **({"loggingConfig": _logging(found["Logging"])} if "Logging" in found else {}),
    }


def _certificate(config: dict[str, Any]) -> dict[str, Any]:
    """Return the certificate; what the API also answers under names that it has given up is left out."""
    return {
        key.replace("cloudFront", "cloudfront"): value for key, value in config.items() if key not in ("certificate", "certificateSource")
    }


def _behaviour(answer: dict[str, Any]) -> dict[str, Any]:
    found = camel(answer)
    methods = answer.get("AllowedMethods", {})
    found["allowedMethods"] = methods.get("Items", [])
    found["cachedMethods"] = methods.get("CachedMethods", {}).get("Items", [])
    return dict(found)


def _origin(answer: dict[str, Any]) -> dict[str, Any]:
    found = camel(answer)
    found["originId"] = found.pop("id")
    custom = found.get("customOriginConfig")
    if custom and isinstance(custom.get("originSslProtocols"), dict):
        custom["originSslProtocols"] = custom["originSslProtocols"].get("items", [])
    # Every origin that is a bucket has one; only an identity in it says that the old way in is used.
    if not found.get("s3OriginConfig", {}).get("originAccessIdentity"):
        found.pop("s3OriginConfig", None)
    return {key: value for key, value in found.items() if value not in ("", [], None)}


def _logging(answer: dict[str, Any]) -> dict[str, Any] | None:
    if not answer.get("Enabled"):
        return None
    return {"bucket": answer.get("Bucket"), "prefix": answer.get("Prefix"), "includeCookies": answer.get("IncludeCookies")}


READERS = (
    Reader(
        type="aws:cloudfront/distribution:Distribution",
        covers=(
            "enabled",
            "webAclId",
            "viewerCertificate",
            "defaultCacheBehavior",
            "orderedCacheBehaviors",
            "origins",
            "restrictions",
            "aliases",
            "loggingConfig",
        ),
        read=distribution,
        gone=("NoSuchDistribution",),
    ),
)
