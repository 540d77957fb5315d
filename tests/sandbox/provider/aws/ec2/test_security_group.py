"""Security groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_GROUP, NO_VPC, OTHER_TAGS, TAGS, a_vpc, tags_of

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

HTTPS = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8", "192.0.2.0/24"], "description": "web"}
POSTGRES = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432, "self": True}
ANYWHERE = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}


def told(life: Life) -> dict[str, Any]:
    return dict(life.boto("ec2").describe_security_groups(GroupIds=[life.id])["SecurityGroups"][0])


def flows(life: Life) -> set[tuple[str, str, int, str]]:
    """(direction, protocol, first port, peer) of every rule."""
    told = life.boto("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [life.id]}])["SecurityGroupRules"]
    return {
        (
            "out" if rule["IsEgress"] else "in",
            rule["IpProtocol"],
            rule["FromPort"],
            rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId") or rule["ReferencedGroupInfo"]["GroupId"],
        )
        for rule in told
    }


def cloudfront(life: Life) -> str:
    name = "com.amazonaws.global.cloudfront.origin-facing"
    found = life.boto("ec2").describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [name]}])
    return str(found["PrefixLists"][0]["PrefixListId"])


def test_a_security_group_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    prefix_list = cloudfront(vpc)
    life = workbench.life(GROUP)
    promised = life.preview(name="web", vpcId=vpc.id)
    assert (promised["ownerId"], promised["name"], promised["arn"]) == ("123456789012", "web", UNKNOWN)

    edge = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "prefixListIds": [prefix_list], "description": "CloudFront"}
    life.create(name="web", vpcId=vpc.id, description="The web", ingress=[HTTPS, POSTGRES, edge], egress=[ANYWHERE], tags=TAGS)
    assert (told(life)["GroupName"], told(life)["Description"], told(life)["VpcId"]) == ("web", "The web", vpc.id)
    texts = [item.get("Description") for rule in told(life)["IpPermissions"] for item in rule["PrefixListIds"]]
    assert texts == ["CloudFront"]
    assert flows(life) == {
        ("in", "tcp", 443, "10.0.0.0/8"),
        ("in", "tcp", 443, "192.0.2.0/24"),
        ("in", "tcp", 5432, life.id),
        ("in", "tcp", 80, prefix_list),
        ("out", "-1", -1, "0.0.0.0/0"),
        ("out", "-1", -1, "::/0"),
    }
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:security-group/{life.id}"
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    narrower = {**HTTPS, "cidrBlocks": ["10.0.0.0/8"]}
    life.update(name="web", vpcId=vpc.id, description="The web", ingress=[narrower], egress=[], tags=OTHER_TAGS)
    assert flows(life) == {("in", "tcp", 443, "10.0.0.0/8")}
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_new_security_group_lets_nothing_out(workbench: Workbench) -> None:
    vpc = a_vpc(workbench, assignGeneratedIpv6CidrBlock=True)
    life = workbench.made(GROUP, vpcId=vpc.id)
    assert flows(life) == set()
    assert life.outputs["name"].startswith("sample-")
    assert told(life)["Description"] == "Managed by Pulumi"


def test_a_security_group_without_a_vpc_is_in_the_default_one(workbench: Workbench) -> None:
    life = workbench.made(GROUP)
    default = life.boto("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    assert life.outputs["vpcId"] == default


def test_a_name_prefix_gives_a_name_of_its_own(workbench: Workbench) -> None:
    life = workbench.made(GROUP, namePrefix="web-", vpcId=a_vpc(workbench).id)
    assert told(life)["GroupName"] == life.outputs["name"]
    assert len(life.outputs["name"]) == len("web-") + 26


def test_rules_mean_the_same_however_they_are_grouped(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc, ingress=[HTTPS])
    apart = [{**HTTPS, "protocol": "6", "cidrBlocks": [network]} for network in ("192.0.2.0/24", "10.0.0.0/8")]
    assert life.diff(name="web", vpcId=vpc, ingress=apart) == []


def test_a_changed_description_of_a_rule_reaches_the_cloud(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc, ingress=[HTTPS])
    life.update(name="web", vpcId=vpc, ingress=[{**HTTPS, "description": "the office"}])
    texts = {item["Description"] for item in told(life)["IpPermissions"][0]["IpRanges"]}
    assert texts == {"the office"}
    assert life.refresh() == []


def test_rules_apart_from_the_group_are_left_alone(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc)
    life.boto("ec2").authorize_security_group_ingress(
        GroupId=life.id, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    )
    assert life.refresh() == []
    life.update(name="web", vpcId=vpc, tags=TAGS)
    assert flows(life) == {("in", "tcp", 22, "10.0.0.0/8")}


def test_an_opened_group_shows_as_drift(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc, ingress=[HTTPS])
    life.boto("ec2").authorize_security_group_ingress(
        GroupId=life.id, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    assert {change.path.split("[")[0] for change in life.refresh()} == {"ingress"}
    life.update(name="web", vpcId=vpc, ingress=[HTTPS])
    assert flows(life) == {("in", "tcp", 443, "10.0.0.0/8"), ("in", "tcp", 443, "192.0.2.0/24")}


def test_what_names_a_group_replaces_it(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc)
    assert life.replaced_by(name="edge", vpcId=vpc, description="Another") == {"name", "description"}
    assert life.replaced_by(name="web", vpcId=NO_VPC) == {"vpcId"}


def test_a_group_that_another_names_is_not_deleted(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(GROUP, name="web", vpcId=vpc)
    other = workbench.made(GROUP, logical="db", name="db", vpcId=vpc, ingress=[{**POSTGRES, "self": False, "securityGroups": [life.id]}])
    with pytest.raises(Exception, match="DependencyViolation"):
        life.delete()
    other.delete()
    life.delete()
    assert life.gone()


def test_rules_are_revoked_first_where_that_is_asked(workbench: Workbench) -> None:
    life = workbench.made(GROUP, vpcId=a_vpc(workbench).id, ingress=[POSTGRES], egress=[ANYWHERE], revokeRulesOnDelete=True)
    life.delete()
    assert life.gone()


def test_a_security_group_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    inputs, outputs = workbench.made(GROUP, name="web", vpcId=vpc, ingress=[HTTPS, POSTGRES], tags=TAGS).imported()
    assert (inputs["name"], inputs["vpcId"], inputs["tags"]) == ("web", vpc, TAGS)
    by_port = {rule["fromPort"]: rule for rule in inputs["ingress"]}
    assert by_port[443]["cidrBlocks"] == ["10.0.0.0/8", "192.0.2.0/24"]
    assert by_port[5432]["self"] is True
    assert outputs["egress"] == []


def test_a_default_security_group_is_emptied_and_left(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    life = workbench.life(DEFAULT)
    assert life.preview(vpcId=vpc.id)["name"] == "default"
    life.create(vpcId=vpc.id, tags=TAGS)
    assert life.id == vpc.outputs["defaultSecurityGroupId"]
    assert flows(life) == set()
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(vpcId=vpc.id, ingress=[POSTGRES])
    assert flows(life) == {("in", "tcp", 5432, life.id)}
    assert life.replaced_by(vpcId=NO_VPC) == {"vpcId"}
    life.delete()
    assert not life.gone()


def test_a_default_security_group_of_no_vpc_fails(workbench: Workbench) -> None:
    with pytest.raises(HandlerError, match=NO_VPC):
        workbench.made(DEFAULT, vpcId=NO_VPC)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"name": "sg-web"}, "name"),
        ({"name": "web|"}, "name"),
        ({"description": ""}, "description"),
        ({"description": "x" * 256}, "description"),
        ({"ingress": [{**HTTPS, "description": "é"}]}, "ingress[0].description"),
        ({"ingress": [{**HTTPS, "cidrBlocks": ["10.0.0.1/8"]}]}, "ingress[0].cidrBlocks[0]"),
        ({"ingress": [{**HTTPS, "cidrBlocks": []}]}, "ingress[0]"),
        ({"ingress": [{**HTTPS, "protocol": "tpc"}]}, "ingress[0].protocol"),
        ({"ingress": [{**HTTPS, "toPort": 80}]}, "ingress[0].fromPort"),
        ({"egress": [{**ANYWHERE, "fromPort": 443}]}, "egress[0].fromPort"),
    ],
)
def test_groups_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(GROUP).check(vpcId=NO_VPC, **inputs)
    assert path in {failure.path for failure in refused.value.failures}


def test_a_rule_for_a_group_that_is_not_there_fails(workbench: Workbench) -> None:
    with pytest.raises(Exception, match=r"InvalidGroup.NotFound"):
        workbench.made(GROUP, vpcId=a_vpc(workbench).id, ingress=[{**POSTGRES, "self": False, "securityGroups": [NO_GROUP]}])
