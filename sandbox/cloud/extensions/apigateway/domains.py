"""Domains of one's own: the hosted zone of their region, changes, and what maps below them."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.apigateway.common import bad_request, not_found, steps, unsupported
from sandbox.cloud.extensions.common import asked, own_arn

# https://docs.aws.amazon.com/general/latest/gr/apigateway.html, seen 2026-11
ZONES = {
    "ca-central-1": "Z19DQILCV0OWEC",
    "eu-central-1": "Z1U9ULNL0V5AJ3",
    "eu-west-1": "ZLY8HYME6SFDD",
    "sa-east-1": "ZCMLWB8V5SYIT",
    "us-east-1": "Z1UJRXOUMOOFQ8",
    "us-east-2": "ZOJJZC49E0EPZ",
    "us-west-1": "Z2MUQ32089INYE",
    "us-west-2": "Z2OJLYMUO9EFXC",
}
_KEPT = {
    "endpointAccessMode": "endpoint_access_mode",
    "mutualTlsAuthentication": "mutual_tls_authentication",
    "ownershipVerificationCertificateArn": "ownership_verification_certificate_arn",
    "policy": "policy",
    "routingMode": "routing_mode",
    "securityPolicy": "security_policy",
}
_TEXTS = {
    "certificateArn": "certificate_arn",
    "certificateName": "certificate_name",
    "endpointAccessMode": "endpoint_access_mode",
    "ownershipVerificationCertificateArn": "ownership_verification_certificate_arn",
    "policy": "policy",
    "regionalCertificateArn": "regional_certificate_arn",
    "regionalCertificateName": "regional_certificate_name",
    "routingMode": "routing_mode",
    "securityPolicy": "security_policy",
}


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.models import Account, APIGatewayBackend, DomainName
    from moto.apigateway.responses import APIGatewayResponse

    DomainName.__init__ = _made(DomainName.__init__)
    DomainName.to_json = _shown(DomainName.to_json)
    APIGatewayResponse.create_domain_name = _create(APIGatewayResponse.create_domain_name)
    APIGatewayResponse.update_domain_name = _update
    APIGatewayBackend.delete_domain_name = _delete(APIGatewayBackend.delete_domain_name)
    for name in ("get_base_path_mappings", "get_base_path_mapping", "delete_base_path_mapping", "update_base_path_mapping"):
        setattr(APIGatewayBackend, name, _mapped(getattr(APIGatewayBackend, name)))
    Account.apply_patch_operations = _set_account


def _made(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, domain_name: str, **kwargs: Any) -> None:
        original(self, domain_name, **kwargs)
        self.endpoint_configuration = {"ipAddressType": "ipv4", **(self.endpoint_configuration or {"types": ["EDGE"]})}
        self.security_policy, self.routing_mode = self.security_policy or "TLS_1_2", "BASE_PATH_MAPPING_ONLY"
        self.tags, self.arn = self.tags or {}, None
        self.regional_hosted_zone_id = ZONES.get(kwargs.get("region_name", ""), self.regional_hosted_zone_id)
        for attribute in set(_KEPT.values()) - {"security_policy", "routing_mode"}:
            setattr(self, attribute, None)

    return make


def _create(original: Any) -> Any:
    @wraps(original)
    def create_domain_name(self: Any) -> Any:
        given = asked(self)
        if given["domainName"] in self.backend.domain_names:
            raise bad_request("The domain name you provided already exists.")
        original(self)
        domain = self.backend.domain_names[given["domainName"]]
        domain.arn = _arn(self, given["domainName"])
        for member in _KEPT.keys() & given.keys():
            setattr(domain, _KEPT[member], given[member])
        self.backend.base_path_mappings.setdefault(given["domainName"], {})
        return 201, {"status": 201}, json.dumps(domain.to_json())

    return create_domain_name


def _arn(response: Any, name: str) -> str:
    return own_arn(response, "apigateway", f"/domainnames/{name}").replace(f":{response.current_account}:", "::")


def _shown(original: Any) -> Any:
    @wraps(original)
    def to_json(self: Any) -> dict[str, Any]:
        shown = original(self) | {"domainNameArn": self.arn, "tags": self.tags}
        shown |= {member: getattr(self, attribute) for member, attribute in _KEPT.items()}
        # An endpoint at the edge has a distribution, one in a region has none.
        absent = "distribution" if "EDGE" not in self.endpoint_configuration["types"] else "regional"
        return {
            key: value for key, value in shown.items() if value is not None and not (key.startswith(absent) and "Certificate" not in key)
        }

    return to_json


def _update(self: Any) -> Any:
    domain = self.backend.get_domain_name(self.path.split("/")[2])
    for operation in asked(self)["patchOperations"]:
        match operation["op"], *steps(operation["path"]):
            case "replace", "endpointConfiguration", "types", _:
                domain.endpoint_configuration["types"] = [operation["value"]]
            case "replace", "endpointConfiguration", "ipAddressType":
                domain.endpoint_configuration["ipAddressType"] = operation["value"]
            case "replace", "mutualTlsAuthentication", part:
                trust = {**(domain.mutual_tls_authentication or {}), part: operation["value"]}
                domain.mutual_tls_authentication = trust if trust.get("truststoreUri") else None
            case "replace", name if name in _TEXTS:
                setattr(domain, _TEXTS[name], operation.get("value") or None)
            case _:
                raise unsupported(operation)
    return json.dumps(domain.to_json())


def _delete(original: Any) -> Any:
    @wraps(original)
    def delete_domain_name(self: Any, domain_name: str) -> None:
        original(self, domain_name)
        self.base_path_mappings.pop(domain_name, None)

    return delete_domain_name


def _mapped(original: Any) -> Any:
    @wraps(original)
    def operation(self: Any, domain_name: str, *args: Any, **kwargs: Any) -> Any:
        if domain_name not in self.base_path_mappings:
            raise not_found("Invalid domain name identifier specified")
        return original(self, domain_name, *args, **kwargs)

    return operation


def _set_account(self: Any, patch_operations: list[dict[str, Any]]) -> Any:
    for operation in patch_operations:
        match operation["op"], *steps(operation["path"]):
            case "replace" | "remove", "cloudwatchRoleArn":
                self.cloudwatch_role_arn = operation.get("value") or None
            case "add", "features":
                self.features = sorted({*(self.features or ()), operation["value"]})
            case _:
                raise unsupported(operation)
    return self
