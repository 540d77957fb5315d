"""Web ACLs, deep as they are, and the address sets that their rules refer to."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.wafv2.common import address, live_tags, retag, scope_failures
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

_APART = frozenset({"namePrefix", "ruleJson", "customResponseBodies", "associationConfig"})
_ACL = Translation("wafv2", "CreateWebACL", apart=_APART)
_SET = Translation("wafv2", "CreateIPSet", apart=frozenset({"namePrefix"}))
_GROUPS = ("managedRuleGroupStatement", "ruleGroupReferenceStatement")
_OPTIONAL = ("CustomResponseBodies", "AssociationConfig", "CaptchaConfig", "ChallengeConfig", "TokenDomains")
_EMPTY: Properties = {
    "associationConfig": {},
    "captchaConfig": {},
    "challengeConfig": {},
    "customResponseBodies": [],
    "rules": [],
    "tokenDomains": [],
}
_DROPPED = ("DataProtectionConfig", "MonetizationConfig")
_LOST = frozenset({"dataProtectionConfig", "monetizationConfig"})


class WebAcl(Handler):
    """Rules that requests pass before they reach what the ACL protects."""

    token = "aws:wafv2/webAcl:WebAcl"
    support = Support.PARTLY
    gap = "data protection and monetization are in the state only; capacity is not calculated"
    create_only = frozenset({"name", "namePrefix", "scope"})
    unordered = frozenset({"rules", "customResponseBodies", "tokenDomains"})
    documents = frozenset({"ruleJson"})
    autoname = "name"
    autoname_limit = 128
    volatile = frozenset({"lockToken"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = scope_failures(call, inputs)
        if inputs.get("rules") and inputs.get("ruleJson"):
            found.append(Failure("ruleJson", "cannot be combined with rules: choose one"))
        if isinstance(inputs.get("rules"), list):
            found += _rule_failures(inputs["rules"])
        return found or _ACL.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        waf = call.client("wafv2")
        made = waf.create_web_acl(**_request(inputs), **tagging.parameter(inputs["tagsAll"]))["Summary"]
        live = waf.get_web_acl(Id=made["Id"], Name=inputs["name"], Scope=inputs["scope"])
        return made["Id"], with_blanks(self.token, inputs, _facts(live))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        where = address(resource_id, state)
        live = call.client("wafv2").get_web_acl(**where)
        acl = live["WebACL"]
        found = _ACL.properties(self.token, acl) | _special(acl)
        if "ruleJson" in state:
            rules = found.pop("rules", [])
            if canonical(_ACL.request({"rules": rules}).get("Rules")) != canonical(_bytes(json.loads(state["ruleJson"]))):
                found["ruleJson"] = json.dumps(_text(acl.get("Rules", [])))
        for name, value in found.items():
            if isinstance(state.get(name), dict | list):
                found[name] = aligned(state[name], value, lost=_LOST)
        # What was declared and is no longer there is drift, not a member that the answer leaves out.
        found = {name: empty for name, empty in _EMPTY.items() if state.get(name)} | found
        return found | {"scope": where["Scope"], "tags": live_tags(call, acl["ARN"]), **_facts(live)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        waf, where = call.client("wafv2"), address(resource_id, old)
        live = waf.get_web_acl(**where)
        wanted = {key: value for key, value in _request(new).items() if key not in where and key not in _DROPPED}
        # The token changes with every update: an update that was already made is not made again.
        if any(canonical(_text(live["WebACL"].get(key))) != canonical(_text(wanted.get(key))) for key in {*wanted, *_OPTIONAL}):
            waf.update_web_acl(**where, LockToken=live["LockToken"], **wanted)
            live = waf.get_web_acl(**where)
        retag(call, old["arn"], old, new)
        return with_blanks(self.token, new, _facts(live))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        waf, where = call.client("wafv2"), address(resource_id, state)
        waf.delete_web_acl(**where, LockToken=waf.get_web_acl(**where)["LockToken"])


class IpSet(Handler):
    """Addresses that rules refer to."""

    token = "aws:wafv2/ipSet:IpSet"
    create_only = frozenset({"name", "namePrefix", "scope", "ipAddressVersion"})
    unordered = frozenset({"addresses"})
    autoname = "name"
    autoname_limit = 128
    volatile = frozenset({"lockToken"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = scope_failures(call, inputs)
        for position, text in enumerate(inputs.get("addresses") or []):
            if isinstance(text, str) and not _is_network(text, inputs["ipAddressVersion"]):
                found.append(
                    Failure(
                        f"addresses[{position}]", f'must be an {inputs["ipAddressVersion"]} network such as 192.0.2.0/24 (got "{text}")'
                    )
                )
        return found or _SET.failures({"addresses": [], **inputs})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        asked = _SET.request({"addresses": [], **inputs})
        made = call.client("wafv2").create_ip_set(**asked, **tagging.parameter(inputs["tagsAll"]))["Summary"]
        return made["Id"], {"arn": made["ARN"], "lockToken": made["LockToken"], "namePrefix": ""}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        where = address(resource_id, state)
        live = call.client("wafv2").get_ip_set(**where)
        arn = live["IPSet"]["ARN"]
        found = _SET.properties(self.token, live["IPSet"]) | {"scope": where["Scope"], "tags": live_tags(call, arn)}
        return found | {"arn": arn, "lockToken": live["LockToken"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        waf, where = call.client("wafv2"), address(resource_id, old)
        live = waf.get_ip_set(**where)
        token, wanted = live["LockToken"], new.get("addresses") or []
        described = {"Description": new["description"]} if new.get("description") else {}
        if sorted(live["IPSet"]["Addresses"]) != sorted(wanted) or live["IPSet"].get("Description") != new.get("description", ""):
            token = waf.update_ip_set(**where, Addresses=wanted, LockToken=token, **described)["NextLockToken"]
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"], "lockToken": token, "namePrefix": old.get("namePrefix", "")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        waf, where = call.client("wafv2"), address(resource_id, state)
        waf.delete_ip_set(**where, LockToken=waf.get_ip_set(**where)["LockToken"])


def _request(inputs: Properties) -> Properties:
    request = _ACL.request(inputs)
    if inputs.get("ruleJson"):
        request["Rules"] = _bytes(json.loads(inputs["ruleJson"]))
    request.setdefault("Rules", [])
    bodies = inputs.get("customResponseBodies")
    if bodies:
        request["CustomResponseBodies"] = {item["key"]: {"Content": item["content"], "ContentType": item["contentType"]} for item in bodies}
    sizes = (inputs.get("associationConfig") or {}).get("requestBodies")
    if sizes:
        request["AssociationConfig"] = {
            "RequestBody": {
                _shout(name): {"DefaultSizeInspectionLimit": limit["defaultSizeInspectionLimit"]}
                for item in sizes
                for name, limit in item.items()
            }
        }
    return request


def _special(acl: dict[str, Any]) -> Properties:
    """What the service keeps as a map and pulumi_aws as a list."""
    found: Properties = {}
    if acl.get("CustomResponseBodies"):
        found["customResponseBodies"] = [
            {"key": key, "content": body["Content"], "contentType": body["ContentType"]}
            for key, body in acl["CustomResponseBodies"].items()
        ]
    sizes = (acl.get("AssociationConfig") or {}).get("RequestBody")
    if sizes:
        body = {_whisper(name): {"defaultSizeInspectionLimit": limit["DefaultSizeInspectionLimit"]} for name, limit in sizes.items()}
        found["associationConfig"] = {"requestBodies": [body]}
    return found


def _facts(live: dict[str, Any]) -> Properties:
    acl = live["WebACL"]
    return {
        "arn": acl["ARN"],
        "capacity": acl.get("Capacity", 0),
        "lockToken": live["LockToken"],
        "applicationIntegrationUrl": live.get("ApplicationIntegrationURL", ""),
    }


def _rule_failures(rules: list[Properties]) -> Iterator[Failure]:
    """What WAF refuses and no schema says."""
    for name in ("name", "priority"):
        values = [rule.get(name) for rule in rules]
        for position, value in enumerate(values):
            if value is not UNKNOWN and value in values[:position]:
                yield Failure(f"rules[{position}].{name}", f"{value!r} is taken by another rule: each needs its own")
    for position, rule in enumerate(rules):
        statement = rule.get("statement")
        if not isinstance(statement, dict):
            continue
        wanted, unwanted = ("overrideAction", "action") if any(statement.get(name) for name in _GROUPS) else ("action", "overrideAction")
        if rule.get(wanted) is None:
            yield Failure(f"rules[{position}].{wanted}", f"needed for this statement ({next(iter(statement), 'none')})")
        if rule.get(unwanted) is not None:
            yield Failure(f"rules[{position}].{unwanted}", f"not for this statement ({next(iter(statement), 'none')}): use {wanted}")


def _is_network(text: str, version: Any) -> bool:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text and (not known(version) or f"IPV{network.version}" == version)


def _shout(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def _whisper(name: str) -> str:
    head, *rest = name.lower().split("_")
    return head + "".join(part.capitalize() for part in rest)


def _bytes(value: Any) -> Any:
    """Rules in the API's own JSON, with the search strings that it has as bytes."""
    if isinstance(value, dict):
        return {key: item.encode() if key == "SearchString" and isinstance(item, str) else _bytes(item) for key, item in value.items()}
    return [_bytes(item) for item in value] if isinstance(value, list) else value


def _text(value: Any) -> Any:
    """The same, as text, without members that say nothing."""
    if isinstance(value, dict):
        return {key: _text(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_text(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value
