"""Domains of one's own, what is served below them, and the account's settings in a region."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.apigateway.common import arn, changed, endpoint, endpoint_failures, endpoint_request, replace, time
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

EDGE_ZONE = "Z2FDTNDATAQYW2"
_EDGE_REGION = "us-east-1"
_UPLOADED = ("certificateBody", "certificateChain", "certificatePrivateKey")
_PLAIN = {
    key: f"/{key}"
    for key in (
        *("certificateArn", "certificateName", "endpointAccessMode", "ownershipVerificationCertificateArn", "policy"),
        *("regionalCertificateArn", "regionalCertificateName", "routingMode", "securityPolicy"),
    )
}
_CHOSEN = ("ownershipVerificationCertificateArn", "routingMode", "securityPolicy")
"""Inputs that API Gateway fills in when the program says nothing."""
_ACCOUNT = "api-gateway-account"


class DomainName(Handler):
    """A domain with its certificate, at the edge or in a region."""

    token = "aws:apigateway/domainName:DomainName"
    support = Support.PARTLY
    gap = "private domains get no id of their own; certificates and truststores are not looked at"
    create_only = frozenset({"domainName", *_UPLOADED})
    documents = frozenset({"policy"})
    volatile = frozenset({"certificateUploadDate"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = list(endpoint_failures(inputs))
        given = [
            key for key in ("certificateArn", "certificateName", "regionalCertificateArn", "regionalCertificateName") if inputs.get(key)
        ]
        if len(given) > 1:
            found.append(Failure(given[1], f"a domain has one certificate (got {', '.join(given)})"))
        if not given:
            found.append(
                Failure("regionalCertificateArn", "a certificate is needed: regionalCertificateArn, or certificateArn at the edge")
            )
        for key, region in (("certificateArn", _EDGE_REGION), ("regionalCertificateArn", call.region)):
            certificate = inputs.get(key)
            if isinstance(certificate, str) and certificate.startswith("arn:") and certificate.split(":")[3] != region:
                found.append(Failure(key, f"must be a certificate of {region} (got {certificate})"))
        return found + refusals("apigateway", "CreateDomainName", _request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        kind = (inputs.get("endpointConfiguration") or {}).get("types", "EDGE")
        names = {} if kind == "EDGE" else {"cloudfrontDomainName": ""}
        return {"arn": arn(call, f"/domainnames/{inputs['domainName']}"), "cloudfrontZoneId": EDGE_ZONE, **names}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        live = call.client("apigateway").create_domain_name(**_request(inputs), **tagging.whole(inputs))
        return inputs["domainName"], self._outputs(call, live, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("apigateway").get_domain_name(domainName=resource_id)
        found = self._live(call, live) | {"tags": live.get("tags", {})}
        if "endpointConfiguration" in state:
            found["endpointConfiguration"] = aligned(
                state["endpointConfiguration"], found["endpointConfiguration"], defaults={"ipAddressType": "ipv4"}
            )
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        gateway = call.client("apigateway")
        # What API Gateway chose stays when the program says nothing of it.
        patches = changed(old, {**{key: old[key] for key in _CHOSEN if key in old}, **new}, _PLAIN)
        before, after = old.get("endpointConfiguration") or {}, new.get("endpointConfiguration") or {}
        for key, path in (("types", "/endpointConfiguration/types/0"), ("ipAddressType", "/endpointConfiguration/ipAddressType")):
            if after.get(key) and before.get(key) != after[key]:
                patches.append(replace(path, after[key]))
        trust = {key: (new.get("mutualTlsAuthentication") or {}).get(key, "") for key in ("truststoreUri", "truststoreVersion")}
        for key, value in trust.items():
            if (old.get("mutualTlsAuthentication") or {}).get(key, "") != value:
                patches.append(replace(f"/mutualTlsAuthentication/{key}", value))
        if patches:
            gateway.update_domain_name(domainName=resource_id, patchOperations=patches)
        tagging.retag(gateway, old["arn"], old, new)
        return self._outputs(call, gateway.get_domain_name(domainName=resource_id), new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_domain_name(domainName=resource_id)

    def _outputs(self, call: Call, live: dict[str, Any], inputs: Properties) -> Properties:
        settable = {*_PLAIN, "mutualTlsAuthentication"} - set(_CHOSEN)
        return {key: value for key, value in self._live(call, live).items() if key not in inputs and key not in settable}

    def _live(self, call: Call, live: dict[str, Any]) -> Properties:
        return {
            **{key: live.get(key, "") for key in _PLAIN},
            "arn": arn(call, f"/domainnames/{live['domainName']}"),
            "certificateUploadDate": time(live.get("certificateUploadDate")),
            "cloudfrontDomainName": live.get("distributionDomainName", ""),
            "cloudfrontZoneId": EDGE_ZONE,
            "domainName": live["domainName"],
            "domainNameId": live.get("domainNameId", ""),
            "endpointConfiguration": endpoint(live["endpointConfiguration"]),
            "mutualTlsAuthentication": live.get("mutualTlsAuthentication", {}),
            "regionalDomainName": live.get("regionalDomainName", ""),
            "regionalZoneId": live.get("regionalHostedZoneId", ""),
        }


class BasePathMapping(Handler):
    """Which stage of which API answers below a domain, or below one path of it."""

    token = "aws:apigateway/basePathMapping:BasePathMapping"
    support = Support.PARTLY
    gap = "domainNameId is in the state only"
    create_only = frozenset({"basePath", "domainName", "domainNameId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("apigateway", "CreateBasePathMapping", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("apigateway").create_base_path_mapping(**self._request(inputs))
        return f"{inputs['domainName']}/{inputs.get('basePath', '')}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        domain, _, path = resource_id.partition("/")
        live = call.client("apigateway").get_base_path_mapping(domainName=domain, basePath=path or "(none)")
        found = {"domainName": domain, "restApi": live["restApiId"], "stageName": live.get("stage", "")}
        return found | ({"basePath": path} if path else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        domain, _, path = resource_id.partition("/")
        patches = changed(old, new, {"restApi": "/restapiId", "stageName": "/stage"})
        if patches:
            call.client("apigateway").update_base_path_mapping(domainName=domain, basePath=path or "(none)", patchOperations=patches)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        domain, _, path = resource_id.partition("/")
        call.client("apigateway").delete_base_path_mapping(domainName=domain, basePath=path or "(none)")

    def _request(self, inputs: Properties) -> Properties:
        return parameters(
            inputs, domainName="domainName", domainNameId="domainNameId", basePath="basePath", restApiId="restApi", stage="stageName"
        )


class Account(Handler):
    """What holds for all APIs of an account in a region: the role by which they write logs. There is one, always."""

    token = "aws:apigateway/account:Account"

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._set(call, inputs.get("cloudwatchRoleArn", ""))
        return _ACCOUNT, self._outputs(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._live(call)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._set(call, new.get("cloudwatchRoleArn", ""))
        return self._outputs(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._set(call, "")

    def _set(self, call: Call, role: str) -> None:
        call.client("apigateway").update_account(patchOperations=[replace("/cloudwatchRoleArn", role)])

    def _outputs(self, call: Call, inputs: Properties) -> Properties:
        return {key: value for key, value in self._live(call).items() if key not in inputs}

    def _live(self, call: Call) -> Properties:
        live = call.client("apigateway").get_account()
        return {
            "apiKeyVersion": live.get("apiKeyVersion", ""),
            "cloudwatchRoleArn": live.get("cloudwatchRoleArn", ""),
            "features": live.get("features") or [],
            "throttleSettings": [live["throttleSettings"]],
        }


def _request(inputs: Properties) -> Properties:
    same = {key: key for key in ("domainName", *_PLAIN, *_UPLOADED, "mutualTlsAuthentication")}
    return parameters(inputs, **same) | endpoint_request(inputs)
