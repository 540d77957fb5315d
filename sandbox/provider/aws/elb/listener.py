"""Listeners and their rules."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.elb import actions, attributes
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_REQUEST, _RESPONSE = "routing.http.request.x_amzn", "routing.http.response"
_KEYS = {
    "tcpIdleTimeoutSeconds": "tcp.idle_timeout.seconds",
    "routingHttpRequestXAmznMtlsClientcertHeaderName": f"{_REQUEST}_mtls_clientcert.header_name",
    "routingHttpRequestXAmznMtlsClientcertIssuerHeaderName": f"{_REQUEST}_mtls_clientcert_issuer.header_name",
    "routingHttpRequestXAmznMtlsClientcertLeafHeaderName": f"{_REQUEST}_mtls_clientcert_leaf.header_name",
    "routingHttpRequestXAmznMtlsClientcertSerialNumberHeaderName": f"{_REQUEST}_mtls_clientcert_serial_number.header_name",
    "routingHttpRequestXAmznMtlsClientcertSubjectHeaderName": f"{_REQUEST}_mtls_clientcert_subject.header_name",
    "routingHttpRequestXAmznMtlsClientcertValidityHeaderName": f"{_REQUEST}_mtls_clientcert_validity.header_name",
    "routingHttpRequestXAmznTlsCipherSuiteHeaderName": f"{_REQUEST}_tls_cipher_suite.header_name",
    "routingHttpRequestXAmznTlsVersionHeaderName": f"{_REQUEST}_tls_version.header_name",
    "routingHttpResponseAccessControlAllowCredentialsHeaderValue": f"{_RESPONSE}.access_control_allow_credentials.header_value",
    "routingHttpResponseAccessControlAllowHeadersHeaderValue": f"{_RESPONSE}.access_control_allow_headers.header_value",
    "routingHttpResponseAccessControlAllowMethodsHeaderValue": f"{_RESPONSE}.access_control_allow_methods.header_value",
    "routingHttpResponseAccessControlAllowOriginHeaderValue": f"{_RESPONSE}.access_control_allow_origin.header_value",
    "routingHttpResponseAccessControlExposeHeadersHeaderValue": f"{_RESPONSE}.access_control_expose_headers.header_value",
    "routingHttpResponseAccessControlMaxAgeHeaderValue": f"{_RESPONSE}.access_control_max_age.header_value",
    "routingHttpResponseContentSecurityPolicyHeaderValue": f"{_RESPONSE}.content_security_policy.header_value",
    "routingHttpResponseServerEnabled": f"{_RESPONSE}.server.enabled",
    "routingHttpResponseStrictTransportSecurityHeaderValue": f"{_RESPONSE}.strict_transport_security.header_value",
    "routingHttpResponseXContentTypeOptionsHeaderValue": f"{_RESPONSE}.x_content_type_options.header_value",
    "routingHttpResponseXFrameOptionsHeaderValue": f"{_RESPONSE}.x_frame_options.header_value",
}
_TEXT: dict[str, type] = {name: str for name in _KEYS if name.endswith(("HeaderName", "HeaderValue"))}
_SECURE = ("HTTPS", "TLS")
_LISTENER = Translation("elbv2", "CreateListener", names=actions.NAMES, apart=frozenset(_KEYS) | {"certificateArn"})
_RULE = Translation("elbv2", "CreateRule", names=actions.NAMES)


class Listener(Handler):
    """One port of a load balancer."""

    token = "aws:lb/listener:Listener"
    support = Support.PARTLY
    gap = "mutual authentication, ALPN changes and token validation are in the state only"
    create_only = frozenset({"loadBalancerArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, protocol = [], inputs.get("protocol")
        if protocol in _SECURE and not inputs.get("certificateArn"):
            found.append(Failure("certificateArn", f"a {protocol} listener needs a certificate"))
        if isinstance(protocol, str) and protocol not in _SECURE:
            found += [
                Failure(name, f"only for {' and '.join(_SECURE)} listeners (protocol is {protocol})")
                for name in ("certificateArn", "sslPolicy")
                if inputs.get(name)
            ]
        return found or _LISTENER.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        elb = call.client("elbv2")
        made = elb.create_listener(**_LISTENER.request(inputs), **_certificates(inputs), **tagging.parameter(inputs["tagsAll"]))[
            "Listeners"
        ][0]
        arn = made["ListenerArn"]
        wanted = attributes.texts(inputs, _KEYS)
        if wanted:
            elb.modify_listener_attributes(ListenerArn=arn, Attributes=attributes.pairs(wanted))
        return arn, with_blanks(
            self.token, inputs, {"arn": arn} | {key: value for key, value in _settled(made).items() if key not in inputs}
        )

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        elb = call.client("elbv2")
        live = elb.describe_listeners(ListenerArns=[resource_id])["Listeners"][0]
        kept = attributes.mapping(elb.describe_listener_attributes(ListenerArn=resource_id)["Attributes"])
        found = _LISTENER.properties(self.token, live) | _settled(live)
        found["defaultActions"] = actions.as_declared(state.get("defaultActions", []), found["defaultActions"])
        found |= {
            key: value for key, value in attributes.plain(kept, _KEYS, _TEXT).items() if key in state or key != "tcpIdleTimeoutSeconds"
        }
        for name in ("alpnPolicy", "mutualAuthentication"):
            if not found.get(name):
                found.pop(name, None)
        return found | {"arn": resource_id, "tags": attributes.live_tags(call, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        elb = call.client("elbv2")
        asked = ("port", "protocol", "sslPolicy", "certificateArn", "defaultActions", "mutualAuthentication", "alpnPolicy")
        if any(old.get(name) != new.get(name) for name in asked if name in new):
            changed = {name: new[name] for name in asked if name in new and name != "certificateArn"}
            elb.modify_listener(ListenerArn=resource_id, **_LISTENER.request(changed), **_certificates(new))
        before, wanted = attributes.texts(old, _KEYS), attributes.texts(new, _KEYS)
        wanted = {key: value for key, value in wanted.items() if before.get(key) != value}
        if wanted:
            elb.modify_listener_attributes(ListenerArn=resource_id, Attributes=attributes.pairs(wanted))
        attributes.retag(call, resource_id, old, new)
        live = elb.describe_listeners(ListenerArns=[resource_id])["Listeners"][0]
        computed = {key: value for key, value in _settled(live).items() if key not in new}
        return with_blanks(self.token, new, {"arn": resource_id, **computed})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elbv2").delete_listener(ListenerArn=resource_id)


class ListenerRule(Handler):
    """What a listener does with some of its requests."""

    token = "aws:lb/listenerRule:ListenerRule"
    support = Support.PARTLY
    gap = "transforms and token validation are in the state only"
    create_only = frozenset({"listenerArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [
            Failure(f"conditions[{position}]", f"exactly one of {', '.join(actions.FIELDS)} is needed (got {len(condition)})")
            for position, condition in enumerate(inputs["conditions"] if isinstance(inputs["conditions"], list) else [])
            if isinstance(condition, dict) and len(condition) != 1
        ]
        return found or _RULE.failures({"priority": 1, **inputs} | {"conditions": actions.with_fields(inputs["conditions"])})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        elb = call.client("elbv2")
        priority = inputs.get("priority") or self._free(elb, inputs["listenerArn"])
        asked = inputs | {"priority": priority, "conditions": actions.with_fields(inputs["conditions"])}
        made = elb.create_rule(**_RULE.request(asked), **tagging.parameter(inputs["tagsAll"]))["Rules"][0]
        return made["RuleArn"], {"arn": made["RuleArn"], "priority": priority}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("elbv2").describe_rules(RuleArns=[resource_id])["Rules"][0]
        found = _RULE.properties(self.token, live)
        conditions = actions.without_fields(live["Conditions"], found.get("conditions", []))
        listener = resource_id.replace(":listener-rule/", ":listener/").rpartition("/")[0]
        return {
            "arn": resource_id,
            "listenerArn": listener,
            "priority": int(live["Priority"]),
            "actions": actions.as_declared(state.get("actions", []), found["actions"]),
            "conditions": aligned(state.get("conditions", []), conditions),
            "tags": attributes.live_tags(call, resource_id),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        elb = call.client("elbv2")
        if any(old.get(name) != new.get(name) for name in ("actions", "conditions")):
            asked = {"actions": new["actions"], "conditions": actions.with_fields(new["conditions"])}
            elb.modify_rule(RuleArn=resource_id, **_RULE.request(asked))
        priority = new.get("priority", old["priority"])
        live = elb.describe_rules(RuleArns=[resource_id])["Rules"][0]
        if int(live["Priority"]) != priority:
            elb.set_rule_priorities(RulePriorities=[{"RuleArn": resource_id, "Priority": priority}])
        attributes.retag(call, resource_id, old, new)
        return {"arn": resource_id, "priority": priority}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elbv2").delete_rule(RuleArn=resource_id)

    def _free(self, elb: Any, listener: str) -> int:
        taken = [int(rule["Priority"]) for rule in elb.describe_rules(ListenerArn=listener)["Rules"] if rule["Priority"] != "default"]
        return max(taken, default=0) + 1


def _certificates(inputs: Properties) -> Properties:
    return {"Certificates": [{"CertificateArn": inputs["certificateArn"]}]} if inputs.get("certificateArn") else {}


def _settled(live: dict[str, Any]) -> Properties:
    """What the service decides about a listener's protocol."""
    secure = live.get("Protocol") in _SECURE
    certificate = next((item["CertificateArn"] for item in live.get("Certificates", [])), None)
    found = {
        "protocol": live.get("Protocol"),
        "sslPolicy": live.get("SslPolicy") if secure else None,
        "certificateArn": certificate if secure else None,
    }
    return {key: value for key, value in found.items() if value}
