"""Single rules of security groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_GROUP, OTHER_TAGS, TAGS, a_vpc, tags_of

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
HTTPS: dict[str, Any] = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}


def a_group(workbench: Workbench, name: str = "web") -> str:
    vpcs = workbench.life(GROUP).boto("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    vpc = vpcs[0]["VpcId"] if vpcs else a_vpc(workbench).id
    return workbench.made(GROUP, logical=name, name=name, vpcId=vpc).id


def told(life: Life) -> dict[str, Any]:
    return dict(life.boto("ec2").describe_security_group_rules(SecurityGroupRuleIds=[life.id])["SecurityGroupRules"][0])


def rules(life: Life, group: str) -> list[dict[str, Any]]:
    found = life.boto("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return list(found["SecurityGroupRules"])


@pytest.mark.parametrize(("token", "egress"), [(INGRESS, False), (EGRESS, True)])
def test_a_rule_lives_as_declared(workbench: Workbench, token: str, egress: bool) -> None:
    group = a_group(workbench)
    life = workbench.made(token, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8", description="office", tags=TAGS)
    rule = told(life)
    assert (rule["IsEgress"], rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == (egress, "tcp", 443, 443)
    assert (rule["CidrIpv4"], rule["Description"], rule["GroupId"]) == ("10.0.0.0/8", "office", group)
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:security-group-rule/{life.id}"
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    wider = {"ipProtocol": "udp", "fromPort": 8000, "toPort": 8100, "cidrIpv4": "192.0.2.0/24"}
    life.update(securityGroupId=group, **wider, tags=OTHER_TAGS)
    rule = told(life)
    assert rule["SecurityGroupRuleId"] == life.id
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"], rule["CidrIpv4"]) == ("udp", 8000, 8100, "192.0.2.0/24")
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert rules(life, group) == []


def peers(workbench: Workbench, kind: str) -> tuple[str, str]:
    """Two peers of a kind."""
    if kind == "cidrIpv6":
        return "2001:db8:1::/48", "2001:db8:2::/48"
    if kind == "referencedSecurityGroupId":
        return a_group(workbench, "first"), a_group(workbench, "second")
    found = workbench.life(GROUP).boto("ec2").describe_managed_prefix_lists()["PrefixLists"]
    return found[0]["PrefixListId"], found[1]["PrefixListId"]


@pytest.mark.parametrize("kind", ["cidrIpv6", "referencedSecurityGroupId", "prefixListId"])
def test_rules_for_other_peers_live_as_declared(workbench: Workbench, kind: str) -> None:
    group = a_group(workbench)
    one, two = peers(workbench, kind)
    shown = {"cidrIpv6": "CidrIpv6", "prefixListId": "PrefixListId", "referencedSecurityGroupId": "ReferencedGroupInfo"}[kind]

    def peer(rule: dict[str, Any]) -> str:
        return str(rule[shown]["GroupId"] if kind == "referencedSecurityGroupId" else rule[shown])

    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, **{kind: one}, description="one", tags=TAGS)
    assert peer(told(life)) == one
    assert life.refresh() == []

    assert told(life)["Description"] == "one"

    other = {"ipProtocol": "udp", "fromPort": 53, "toPort": 53}
    life.update(securityGroupId=group, **other, **{kind: two}, description="two", tags=OTHER_TAGS)
    (rule,) = rules(life, group)
    assert (rule["SecurityGroupRuleId"], peer(rule), rule["IpProtocol"], rule["Description"]) == (life.id, two, "udp", "two")
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.update(securityGroupId=group, **other, **{kind: two})
    assert "Description" not in told(life) or told(life)["Description"] == ""
    assert life.refresh() == []
    life.delete()
    assert life.gone()
    assert rules(life, group) == []


def test_a_rule_for_all_protocols_has_no_ports(workbench: Workbench) -> None:
    group = a_group(workbench)
    life = workbench.made(EGRESS, securityGroupId=group, ipProtocol="-1", cidrIpv4="0.0.0.0/0")
    assert (told(life)["IpProtocol"], told(life)["FromPort"]) == ("-1", -1)
    assert life.refresh() == []
    life.update(securityGroupId=group, **HTTPS, cidrIpv4="0.0.0.0/0")
    assert (told(life)["IpProtocol"], told(life)["FromPort"]) == ("tcp", 443)
    life.update(securityGroupId=group, ipProtocol="-1", cidrIpv4="0.0.0.0/0")
    assert (told(life)["IpProtocol"], told(life)["FromPort"]) == ("-1", -1)
    assert life.refresh() == []


def test_the_description_of_a_rule_for_a_group_is_read_back(workbench: Workbench) -> None:
    group, peer = a_group(workbench), a_group(workbench, "peer")
    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, referencedSecurityGroupId=peer, description="from the peer")
    inputs, _ = life.imported()
    assert inputs["description"] == "from the peer"
    assert inputs["referencedSecurityGroupId"] == peer


def test_another_kind_of_peer_or_group_is_another_rule(workbench: Workbench) -> None:
    group = a_group(workbench)
    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8")
    assert life.replaced_by(securityGroupId=group, **HTTPS, cidrIpv6="::/0") == {"cidrIpv4", "cidrIpv6"}
    assert life.replaced_by(securityGroupId=NO_GROUP, **HTTPS, cidrIpv4="10.0.0.0/8") == {"securityGroupId"}
    assert life.replaced_by(securityGroupId=group, **HTTPS, cidrIpv4="192.0.2.0/24") == set()


def test_a_protocols_number_is_its_name(workbench: Workbench) -> None:
    group = a_group(workbench)
    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8")
    assert life.diff(securityGroupId=group, **{**HTTPS, "ipProtocol": "6"}, cidrIpv4="10.0.0.0/8") == []


def test_a_changed_rule_shows_as_drift(workbench: Workbench) -> None:
    group = a_group(workbench)
    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8", description="office")
    opened = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 443, "CidrIpv4": "0.0.0.0/0", "Description": "oops"}
    life.boto("ec2").modify_security_group_rules(
        GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": life.id, "SecurityGroupRule": opened}]
    )
    assert {change.path for change in life.refresh()} == {"fromPort", "cidrIpv4", "description"}


def test_a_rule_can_be_imported(workbench: Workbench) -> None:
    group = a_group(workbench)
    life = workbench.made(INGRESS, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8", tags=TAGS)
    inputs, _ = life.imported()
    assert inputs == {"securityGroupId": group, **HTTPS, "cidrIpv4": "10.0.0.0/8", "tags": TAGS, "region": "eu-west-1"}


def test_the_same_rule_twice_fails(workbench: Workbench) -> None:
    group = a_group(workbench)
    workbench.made(INGRESS, securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8")
    with pytest.raises(Exception, match=r"InvalidPermission.Duplicate"):
        workbench.made(INGRESS, logical="again", securityGroupId=group, **HTTPS, cidrIpv4="10.0.0.0/8")


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        (HTTPS, "cidrIpv4"),
        ({**HTTPS, "cidrIpv4": "10.0.0.0/8", "cidrIpv6": "::/0"}, "cidrIpv6"),
        ({**HTTPS, "cidrIpv4": "10.0.0.1/8"}, "cidrIpv4"),
        ({"ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/8"}, "fromPort"),
        ({"ipProtocol": "tcp", "fromPort": 80, "toPort": 70000, "cidrIpv4": "10.0.0.0/8"}, "fromPort"),
        ({"ipProtocol": "-1", "fromPort": 0, "toPort": 0, "cidrIpv4": "10.0.0.0/8"}, "fromPort"),
        ({"ipProtocol": "icmp", "fromPort": 300, "toPort": 0, "cidrIpv4": "10.0.0.0/8"}, "fromPort"),
        ({"ipProtocol": "tpc", "cidrIpv4": "10.0.0.0/8"}, "ipProtocol"),
        ({**HTTPS, "cidrIpv4": "10.0.0.0/8", "description": "a|b"}, "description"),
    ],
)
def test_rules_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(INGRESS).check(securityGroupId=NO_GROUP, **inputs)
    assert path in {failure.path for failure in refused.value.failures}
