"""Load balancers, their listeners and the rules of these."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, text
from scripts.evidence.running.reader import Reader

_SWITCHES = {
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
}


def load_balancer(place: Place, resource: Resource) -> dict[str, Any]:
    """Read reach and attributes."""
    arn = text(resource, "arn", "id")
    found = place.ask("elbv2", "describe_load_balancers", LoadBalancerArns=[arn])["LoadBalancers"][0]
    answer = place.ask("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)["Attributes"]
    attributes = {each["Key"]: each["Value"] for each in answer}
    told = {key.rpartition(".")[2]: value for key, value in attributes.items() if key.startswith("access_logs.s3.") and value}
    logs = {**told, "enabled": told.get("enabled") == "true"}
    mode = attributes.get("routing.http.desync_mitigation_mode")
    return {
        "internal": found["Scheme"] == "internal",
        "securityGroups": found.get("SecurityGroups") or None,
        "subnets": [zone["SubnetId"] for zone in found["AvailabilityZones"]],
        "accessLogs": logs,
        **({"desyncMitigationMode": mode} if mode else {}),
        **{ours: attributes[theirs] == "true" for ours, theirs in _SWITCHES.items() if theirs in attributes},
    }


def listener(place: Place, resource: Resource) -> dict[str, Any]:
    """Read protocol, TLS policy, certificate and what is done by default."""
    found = place.ask("elbv2", "describe_listeners", ListenerArns=[text(resource, "arn", "id")])["Listeners"][0]
    certificates = found.get("Certificates") or [{}]
    return {
        "protocol": found.get("Protocol"),
        "port": found.get("Port"),
        "sslPolicy": found.get("SslPolicy"),
        "certificateArn": certificates[0].get("CertificateArn"),
        "defaultActions": _actions(found["DefaultActions"]),
    }


def rule(place: Place, resource: Resource) -> dict[str, Any]:
    """Read what is done with requests that match."""
    found = place.ask("elbv2", "describe_rules", RuleArns=[text(resource, "arn", "id")])["Rules"][0]
    return {"actions": _actions(found["Actions"])}


def _actions(answer: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return actions as the provider writes them: `RedirectConfig` is redirect, `AuthenticateCognitoConfig` authenticateCognito."""
    return [{key.removesuffix("Config"): value for key, value in camel(each).items()} for each in answer]


READERS = (
    Reader(
        type="aws:lb/loadBalancer:LoadBalancer",
        covers=("internal", "securityGroups", "subnets", "accessLogs", "desyncMitigationMode", *_SWITCHES),
        read=load_balancer,
        gone=("LoadBalancerNotFound", "LoadBalancerNotFoundException"),
    ),
    Reader(
        type="aws:lb/listener:Listener",
        covers=("protocol", "port", "sslPolicy", "certificateArn", "defaultActions"),
        read=listener,
        gone=("ListenerNotFound", "ListenerNotFoundException"),
    ),
    Reader(type="aws:lb/listenerRule:ListenerRule", covers=("actions",), read=rule, gone=("RuleNotFound", "RuleNotFoundException")),
)
