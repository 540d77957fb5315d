"""REST APIs: stages, what is set of their methods, and the names they answer to."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, text
from scripts.evidence.running.reader import Reader

_GONE = ("NotFoundException",)
_SETTINGS = ("throttlingRateLimit", "throttlingBurstLimit", "loggingLevel", "dataTraceEnabled", "metricsEnabled", "cacheDataEncrypted")


def _stage(place: Place, resource: Resource) -> dict[str, Any]:
    return dict(place.ask("apigateway", "get_stage", restApiId=text(resource, "restApi"), stageName=text(resource, "stageName")))


def stage(place: Place, resource: Resource) -> dict[str, Any]:
    """Read where requests are written down, and whether they are traced."""
    found = _stage(place, resource)
    logs = found.get("accessLogSettings")
    return {"accessLogSettings": logs or None, "xrayTracingEnabled": found.get("tracingEnabled")}


def method_settings(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the limits of methods; what is said of all is kept under `*/*`."""
    found = _stage(place, resource).get("methodSettings", {}).get(text(resource, "methodPath"))
    declared = resource.look("settings")
    return found and {
        "settings": {**(declared if isinstance(declared, dict) else {}), **{key: found[key] for key in _SETTINGS if key in found}}
    }


def domain_name(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the TLS policy and the certificate of a name."""
    found = place.ask("apigateway", "get_domain_name", domainName=text(resource, "domainName", "id"))
    return given(found, securityPolicy="securityPolicy", regionalCertificateArn="regionalCertificateArn", certificateArn="certificateArn")


def rest_api(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether it answers under AWS's own name too."""
    found = place.ask("apigateway", "get_rest_api", restApiId=text(resource, "id"))
    return {"disableExecuteApiEndpoint": found.get("disableExecuteApiEndpoint", False)}


READERS = (
    Reader(type="aws:apigateway/restApi:RestApi", covers=("disableExecuteApiEndpoint",), read=rest_api, gone=_GONE),
    Reader(type="aws:apigateway/stage:Stage", covers=("accessLogSettings", "xrayTracingEnabled"), read=stage, gone=_GONE),
    Reader(type="aws:apigateway/methodSettings:MethodSettings", covers=("settings",), read=method_settings, gone=_GONE),
    Reader(
        type="aws:apigateway/domainName:DomainName",
        covers=("securityPolicy", "regionalCertificateArn", "certificateArn"),
        read=domain_name,
        gone=_GONE,
    ),
)
