"""Web ACLs and address sets against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ACL = "aws:wafv2/webAcl:WebAcl"
SET = "aws:wafv2/ipSet:IpSet"


def seen(name: str) -> dict[str, Any]:
    return {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}


MANAGED: dict[str, Any] = {
    "name": "common",
    "priority": 10,
    "overrideAction": {"none": {}},
    "statement": {
        "managedRuleGroupStatement": {
            "vendorName": "AWS",
            "name": "AWSManagedRulesCommonRuleSet",
            "ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}],
        }
    },
    "visibilityConfig": seen("common"),
}
LIMIT: dict[str, Any] = {
    "name": "limit",
    "priority": 20,
    "action": {"block": {"customResponse": {"responseCode": 429, "customResponseBodyKey": "slow"}}},
    "statement": {
        "rateBasedStatement": {
            "limit": 2000,
            "aggregateKeyType": "CUSTOM_KEYS",
            "evaluationWindowSec": 300,
            "customKeys": [{"ip": {}}, {"header": {"name": "X-Tenant", "textTransformations": [{"priority": 0, "type": "LOWERCASE"}]}}],
            "scopeDownStatement": {
                "andStatement": {
                    "statements": [
                        {
                            "byteMatchStatement": {
                                "searchString": "/webhook/",
                                "positionalConstraint": "STARTS_WITH",
                                "fieldToMatch": {"uriPath": {}},
                                "textTransformations": [{"priority": 0, "type": "NONE"}],
                            }
                        },
                        {"notStatement": {"statement": {"geoMatchStatement": {"countryCodes": ["BR", "AR"]}}}},
                    ]
                }
            },
        }
    },
    "visibilityConfig": seen("limit"),
}
FRONT: dict[str, Any] = {
    "name": "front",
    "scope": "REGIONAL",
    "description": "Public entry",
    "defaultAction": {"allow": {}},
    "customResponseBodies": [{"key": "slow", "content": "slow down", "contentType": "TEXT_PLAIN"}],
    "associationConfig": {"requestBodies": [{"apiGateway": {"defaultSizeInspectionLimit": "KB_32"}}]},
    "visibilityConfig": seen("front"),
}


def live(life: Life, region: str | None = None) -> dict[str, Any]:
    where = {"Id": life.id, "Name": life.inputs["name"], "Scope": life.inputs["scope"]}
    found: dict[str, Any] = life.boto("wafv2", region).get_web_acl(**where)["WebACL"]
    return found


def tags(life: Life) -> dict[str, str]:
    found = life.boto("wafv2").list_tags_for_resource(ResourceARN=life.outputs["arn"])["TagInfoForResource"]["TagList"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_a_web_acl_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ACL)
    made = life.create(**FRONT, rules=[MANAGED, LIMIT], tags={"owner": "security"})
    acl = live(life)
    group, limit = acl["Rules"]
    assert group["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"][0]["ActionToUse"] == {"Count": {}}
    rate = limit["Statement"]["RateBasedStatement"]
    assert (rate["Limit"], rate["CustomKeys"][0]) == (2000, {"IP": {}})
    first, second = rate["ScopeDownStatement"]["AndStatement"]["Statements"]
    assert first["ByteMatchStatement"]["SearchString"] == b"/webhook/"
    assert second["NotStatement"]["Statement"]["GeoMatchStatement"]["CountryCodes"] == ["BR", "AR"]
    assert acl["CustomResponseBodies"] == {"slow": {"Content": "slow down", "ContentType": "TEXT_PLAIN"}}
    assert acl["AssociationConfig"]["RequestBody"] == {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_32"}}
    assert made["arn"] == f"arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/front/{life.id}"
    assert life.refresh() == []

    plain = {key: value for key, value in FRONT.items() if key not in ("customResponseBodies", "associationConfig")}
    life.update(**plain | {"defaultAction": {"block": {}}}, rules=[MANAGED], tags={"owner": "edge"})
    acl = live(life)
    assert (acl["DefaultAction"], [rule["Name"] for rule in acl["Rules"]]) == ({"Block": {}}, ["common"])
    assert "CustomResponseBodies" not in acl
    assert tags(life) == {"owner": "edge"}
    assert life.refresh() == []

    life.update(**plain)
    assert live(life)["Rules"] == []
    life.delete()
    assert life.gone()


def test_an_acl_for_cloudfront_lives_at_the_edge(workbench: Workbench) -> None:
    life = workbench.life(ACL, region="us-east-1")
    life.create(**FRONT | {"scope": "CLOUDFRONT", "name": "edge"}, rules=[MANAGED])
    assert life.outputs["arn"] == f"arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/{life.id}"
    assert live(life)["Rules"]
    assert life.refresh() == []
    life.update(**FRONT | {"scope": "CLOUDFRONT", "name": "edge"}, rules=[MANAGED], tags={"owner": "edge"})
    assert tags(life) == {"owner": "edge"}
    life.delete()
    assert life.gone()


def test_rules_as_json_are_the_rules_of_the_api(workbench: Workbench) -> None:
    rule = {
        "Name": "geo",
        "Priority": 1,
        "Action": {"Block": {}},
        "Statement": {"GeoMatchStatement": {"CountryCodes": ["KP"]}},
        "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "geo"},
    }
    life = workbench.made(ACL, **FRONT, ruleJson=json.dumps([rule]))
    assert live(life)["Rules"][0]["Statement"] == rule["Statement"]
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"Rules": []}, "rules"),
        ({"DefaultAction": {"Block": {}}}, "defaultAction"),
        ({"CustomResponseBodies": None}, "customResponseBodies"),
    ],
)
def test_a_weakened_acl_shows_on_refresh(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    life = workbench.made(ACL, **FRONT, rules=[MANAGED])
    waf, acl = life.boto("wafv2"), live(life)
    where = {"Id": life.id, "Name": "front", "Scope": "REGIONAL"}
    kept = {
        key: acl[key] for key in ("DefaultAction", "Rules", "VisibilityConfig", "CustomResponseBodies", "AssociationConfig", "Description")
    }
    wanted = {key: value for key, value in (kept | change).items() if value is not None}
    waf.update_web_acl(**where, LockToken=waf.get_web_acl(**where)["LockToken"], **wanted)
    assert {item.path.split("[")[0].split(".")[0] for item in life.refresh()} == {path}


def test_a_rule_set_to_count_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(ACL, **FRONT, rules=[MANAGED])
    waf, acl = life.boto("wafv2"), live(life)
    acl["Rules"][0]["OverrideAction"] = {"Count": {}}
    where = {"Id": life.id, "Name": "front", "Scope": "REGIONAL"}
    kept = {
        key: acl[key] for key in ("DefaultAction", "Rules", "VisibilityConfig", "CustomResponseBodies", "AssociationConfig", "Description")
    }
    waf.update_web_acl(**where, LockToken=waf.get_web_acl(**where)["LockToken"], **kept)
    assert {change.path for change in life.refresh()} == {"rules[0].overrideAction.count", "rules[0].overrideAction.none"}


def test_an_acl_is_imported_by_id_name_and_scope(workbench: Workbench) -> None:
    life = workbench.made(ACL, **FRONT, rules=[MANAGED])
    life.id = f"{life.id}/front/REGIONAL"
    inputs, outputs = life.imported()
    assert inputs["rules"] == [MANAGED]
    assert (inputs["name"], inputs["scope"], outputs["arn"]) == ("front", "REGIONAL", life.outputs["arn"])


@pytest.mark.parametrize(("path", "value"), [("name", "other"), ("scope", "CLOUDFRONT")])
def test_what_cannot_change_replaces(workbench: Workbench, path: str, value: str) -> None:
    life = workbench.life(ACL, region="us-east-1")
    life.create(**FRONT)
    assert life.replaced_by(**FRONT | {path: value}) == {path}


def test_the_order_of_rules_is_no_difference(workbench: Workbench) -> None:
    life = workbench.made(ACL, **FRONT, rules=[MANAGED, LIMIT])
    assert life.diff(**FRONT, rules=[LIMIT, MANAGED]) == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"scope": "CLOUDFRONT"}, "scope"),
        ({"scope": "WORLD"}, "scope"),
        ({"rules": [MANAGED, {**LIMIT, "priority": 10}]}, "rules[1].priority"),
        ({"rules": [MANAGED, {**LIMIT, "name": "common"}]}, "rules[1].name"),
        ({"rules": [{key: value for key, value in MANAGED.items() if key != "overrideAction"}]}, "rules[0].overrideAction"),
        ({"rules": [{**LIMIT, "overrideAction": {"none": {}}}]}, "rules[0].overrideAction"),
        (
            {"rules": [{**LIMIT, "statement": {"geoMatchStatement": {"countryCodes": ["XX"]}}}]},
            "rules[0].statement.geoMatchStatement.countryCodes[0]",
        ),
        ({"rules": [MANAGED], "ruleJson": "[]"}, "ruleJson"),
    ],
)
def test_what_waf_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(ACL).check(**FRONT | wrong)
    assert path in {failure.path for failure in refused.value.failures}


def test_an_address_set_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SET)
    given: dict[str, Any] = {"name": "office", "scope": "REGIONAL", "ipAddressVersion": "IPV4"}
    life.create(**given, addresses=["192.0.2.0/24", "198.51.100.7/32"], tags={"owner": "security"})
    where = {"Id": life.id, "Name": "office", "Scope": "REGIONAL"}
    assert life.boto("wafv2").get_ip_set(**where)["IPSet"]["Addresses"] == ["192.0.2.0/24", "198.51.100.7/32"]
    assert life.refresh() == []
    life.update(**given, addresses=["203.0.113.0/24"], description="Head office", tags={"owner": "edge"})
    assert life.boto("wafv2").get_ip_set(**where)["IPSet"]["Addresses"] == ["203.0.113.0/24"]
    assert tags(life) == {"owner": "edge"}
    assert life.refresh() == []
    assert life.replaced_by(**given | {"ipAddressVersion": "IPV6"}) == {"ipAddressVersion"}
    waf = life.boto("wafv2")
    waf.update_ip_set(**where, Addresses=["0.0.0.0/1"], LockToken=waf.get_ip_set(**where)["LockToken"])
    assert "addresses[0]" in {change.path for change in life.refresh()}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize("address", ["10.0.0.1", "10.0.0.1/8", "2001:db8::/32", "office"])
def test_what_is_no_network_of_the_version_is_refused(workbench: Workbench, address: str) -> None:
    with pytest.raises(InvalidInputs, match="IPV4 network"):
        workbench.life(SET).check(name="office", scope="REGIONAL", ipAddressVersion="IPV4", addresses=[address])
