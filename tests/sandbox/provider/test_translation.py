"""Between pulumi_aws's spelling of a value and the service's."""

import datetime
from typing import Any

import pytest

from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN

ACL = "aws:wafv2/webAcl:WebAcl"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


@pytest.fixture
def acl() -> Translation:
    return Translation("wafv2", "CreateWebACL", apart=frozenset({"customResponseBodies"}))


@pytest.fixture
def distribution() -> Translation:
    return Translation(
        "cloudfront", "CreateDistribution", below="DistributionConfig", names={"Origin.originId": "Id", "locations": "Items"}
    )


RULES: list[dict[str, Any]] = [
    {
        "name": "cookies",
        "priority": 1,
        "action": {"block": {}},
        "statement": {
            "byteMatchStatement": {
                "searchString": "evil",
                "positionalConstraint": "CONTAINS",
                "fieldToMatch": {"cookies": {"matchPatterns": [{"all": {}}], "matchScope": "ALL", "oversizeHandling": "MATCH"}},
                "textTransformations": [{"priority": 0, "type": "NONE"}],
            }
        },
        "visibilityConfig": {"cloudwatchMetricsEnabled": True, "metricName": "cookies", "sampledRequestsEnabled": True},
    }
]


def test_names_differ_in_case_and_number_only(acl: Translation) -> None:
    [rule] = acl.request({"rules": RULES})["Rules"]
    match = rule["Statement"]["ByteMatchStatement"]
    assert match["SearchString"] == b"evil"
    assert match["FieldToMatch"]["Cookies"]["MatchPattern"] == {"All": {}}
    assert rule["VisibilityConfig"]["CloudWatchMetricsEnabled"] is True
    assert rule["Action"] == {"Block": {}}


def test_what_was_asked_comes_back_as_it_was_written(acl: Translation) -> None:
    assert acl.properties(ACL, acl.request({"rules": RULES}))["rules"] == RULES


def test_lists_that_carry_their_length_are_counted(distribution: Translation) -> None:
    request = distribution.request({"origins": [{"originId": "web", "domainName": "a.example"}], "aliases": [], "comment": "c"})
    assert request["Origins"] == {"Quantity": 1, "Items": [{"Id": "web", "DomainName": "a.example"}]}
    assert request["Aliases"] == {"Quantity": 0}
    assert distribution.properties(DISTRIBUTION, request)["origins"] == [{"originId": "web", "domainName": "a.example"}]


def test_numbers_that_the_service_writes_as_text_are_text(distribution: Translation) -> None:
    request = distribution.request({"customErrorResponses": [{"errorCode": 404, "responseCode": 200, "responsePagePath": "/"}]})
    [item] = request["CustomErrorResponses"]["Items"]
    assert (item["ErrorCode"], item["ResponseCode"]) == (404, "200")
    assert distribution.properties(DISTRIBUTION, request)["customErrorResponses"][0]["responseCode"] == 200


def test_unknown_values_stay_unknown(distribution: Translation) -> None:
    request = distribution.request({"aliases": UNKNOWN, "origins": [{"originId": "web", "domainName": UNKNOWN}]})
    assert request["Aliases"] is UNKNOWN
    assert request["Origins"]["Items"][0]["DomainName"] is UNKNOWN


def test_what_the_program_gathers_the_service_repeats(acl: Translation) -> None:
    inspection = {"payloadType": "JSON", "addressFields": {"identifiers": ["/street", "/city"]}, "emailField": {"identifier": "/email"}}
    config = {"awsManagedRulesAcfpRuleSet": {"creationPath": "/a", "registrationPagePath": "/b", "requestInspection": inspection}}
    group = {"vendorName": "AWS", "name": "AWSManagedRulesACFPRuleSet", "managedRuleGroupConfigs": [config]}
    rules = [{**RULES[0], "statement": {"managedRuleGroupStatement": group}}]
    request = acl.request({"rules": rules})
    told = request["Rules"][0]["Statement"]["ManagedRuleGroupStatement"]["ManagedRuleGroupConfigs"][0]["AWSManagedRulesACFPRuleSet"]
    assert told["RequestInspection"]["AddressFields"] == [{"Identifier": "/street"}, {"Identifier": "/city"}]
    assert acl.properties(ACL, request)["rules"] == rules


def test_a_name_that_the_service_lacks_is_an_error(acl: Translation) -> None:
    with pytest.raises(LookupError, match="colour"):
        acl.request({"colour": "red"})


def test_failures_name_the_value_where_the_program_wrote_it(acl: Translation) -> None:
    wrong = [{**RULES[0], "priority": -1}]
    given = {
        "rules": wrong,
        "name": "a",
        "scope": "LOCAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": RULES[0]["visibilityConfig"],
    }
    assert {failure.path for failure in acl.failures(given)} == {"rules[0].priority", "scope"}


def test_outputs_that_always_are_there_get_their_empty_value() -> None:
    outputs = with_blanks("aws:efs/mountTarget:MountTarget", {"subnetId": "subnet-1"}, {"ownerId": "1"})
    assert outputs["networkInterfaceId"] == ""
    assert outputs["securityGroups"] == []
    assert outputs["ownerId"] == "1"
    assert "subnetId" not in outputs


@pytest.fixture
def template() -> Translation:
    return Translation("ec2", "CreateLaunchTemplate", below="LaunchTemplateData", names={"ipv4Addresses": "PrivateIpAddresses"})


TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODES: dict[str, Any] = {
    "ebsOptimized": "true",
    "iamInstanceProfile": {"name": "nodes"},
    "instanceRequirements": {"memoryMib": {"min": 4096}, "vcpuCount": {"min": 2}, "memoryGibPerVcpu": {"min": 2}},
    "networkInterfaces": [{"ipv4Addresses": ["10.0.0.10", "10.0.0.11"]}],
    "tagSpecifications": [{"resourceType": "instance", "tags": {"owner": "platform"}}],
    "tags": {"owner": "platform"},
}


def test_tags_inside_a_value_are_pairs_and_the_types_own_are_apart(template: Translation) -> None:
    request = template.request(NODES)
    assert request["TagSpecifications"] == [{"ResourceType": "instance", "Tags": [{"Key": "owner", "Value": "platform"}]}]
    assert "Tags" not in request


def test_texts_that_stand_for_objects_and_truths_come_and_go(template: Translation) -> None:
    request = template.request(NODES)
    assert request["NetworkInterfaces"] == [{"PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.10"}, {"PrivateIpAddress": "10.0.0.11"}]}]
    assert request["EbsOptimized"] is True
    answer = {**request, "InstanceRequirements": {**request["InstanceRequirements"], "MemoryGiBPerVCpu": {"Min": 2.0}}}
    assert template.properties(TEMPLATE, answer) == {name: value for name, value in NODES.items() if name != "tags"}


def test_a_time_that_a_program_writes_as_text_is_told_as_text(template: Translation) -> None:
    moment = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    answer = {"InstanceMarketOptions": {"MarketType": "spot", "SpotOptions": {"ValidUntil": moment}}}
    assert template.properties(TEMPLATE, answer)["instanceMarketOptions"]["spotOptions"] == {"validUntil": "2027-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("token", "translation"),
    [
        (
            ACL,
            Translation("wafv2", "CreateWebACL", apart=frozenset({"namePrefix", "ruleJson", "customResponseBodies", "associationConfig"})),
        ),
        ("aws:cloudfront/cachePolicy:CachePolicy", Translation("cloudfront", "CreateCachePolicy", below="CachePolicyConfig")),
        (
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
            Translation("cloudfront", "CreateResponseHeadersPolicy", below="ResponseHeadersPolicyConfig"),
        ),
        ("aws:efs/accessPoint:AccessPoint", Translation("efs", "CreateAccessPoint")),
    ],
)
def test_every_property_of_a_deep_type_has_its_place(token: str, translation: Translation) -> None:
    assert translation.unmapped(token) == []


def test_a_property_without_a_place_is_told(acl: Translation) -> None:
    assert "associationConfig.requestBodies" in acl.unmapped(ACL)
