"""Network ACLs against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_ACL, NO_SUBNET, NO_VPC, OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

ACL = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
RULE = "aws:ec2/networkAclRule:NetworkAclRule"
ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"

HTTPS = {"ruleNo": 100, "action": "allow", "protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlock": "0.0.0.0/0"}
PING = {
    "ruleNo": 110,
    "action": "allow",
    "protocol": "icmp",
    "fromPort": 0,
    "toPort": 0,
    "icmpType": 8,
    "icmpCode": -1,
    "cidrBlock": "10.0.0.0/8",
}
ALL = {"ruleNo": 100, "action": "allow", "protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlock": "10.1.0.0/16"}
ALL6 = {"ruleNo": 101, "action": "deny", "protocol": "all", "fromPort": 0, "toPort": 0, "ipv6CidrBlock": "::/0"}


def told(life: Life, acl: str = "") -> dict[str, Any]:
    return dict(life.boto("ec2").describe_network_acls(NetworkAclIds=[acl or life.id])["NetworkAcls"][0])


def entries(life: Life, acl: str = "") -> dict[tuple[str, int], tuple[Any, ...]]:
    """(direction, number): protocol, ports, network, action."""
    return {
        ("out" if entry["Egress"] else "in", entry["RuleNumber"]): (
            entry["Protocol"],
            (entry.get("PortRange", {}).get("From"), entry.get("PortRange", {}).get("To")),
            entry.get("CidrBlock") or entry.get("Ipv6CidrBlock"),
            entry["RuleAction"],
        )
        for entry in told(life, acl)["Entries"]
        if entry["RuleNumber"] < 32767
    }


def behind(life: Life, acl: str = "") -> set[str]:
    return {association["SubnetId"] for association in told(life, acl)["Associations"]}


def test_a_network_acl_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    one, two = a_subnet(workbench, vpc.id, 0).id, a_subnet(workbench, vpc.id, 1).id
    default = vpc.outputs["defaultNetworkAclId"]
    life = workbench.life(ACL)
    assert life.preview(vpcId=vpc.id)["ownerId"] == "123456789012"
    life.create(vpcId=vpc.id, ingress=[HTTPS, PING], egress=[ALL, ALL6], subnetIds=[one], tags=TAGS)
    assert entries(life) == {
        ("in", 100): ("6", (443, 443), "0.0.0.0/0", "allow"),
        ("in", 110): ("1", (None, None), "10.0.0.0/8", "allow"),
        ("out", 100): ("-1", (None, None), "10.1.0.0/16", "allow"),
        ("out", 101): ("-1", (None, None), "::/0", "deny"),
    }
    icmp = next(entry for entry in told(life)["Entries"] if entry["Protocol"] == "1")
    assert icmp["IcmpTypeCode"] == {"Type": 8, "Code": -1}
    assert behind(life) == {one}
    assert behind(life, default) == {two}
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    changed = {**HTTPS, "cidrBlock": "10.0.0.0/8"}
    life.update(vpcId=vpc.id, ingress=[changed], egress=[ALL], subnetIds=[two], tags=OTHER_TAGS)
    assert entries(life) == {
        ("in", 100): ("6", (443, 443), "10.0.0.0/8", "allow"),
        ("out", 100): ("-1", (None, None), "10.1.0.0/16", "allow"),
    }
    assert behind(life) == {two}
    assert behind(life, default) == {one}
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert behind(life, default) == {one, two}


def test_names_of_protocols_and_the_order_of_entries_are_no_difference(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(ACL, vpcId=vpc, ingress=[HTTPS, PING])
    assert life.diff(vpcId=vpc, ingress=[PING, {**HTTPS, "protocol": "6", "action": "ALLOW"}]) == []


def test_rules_apart_from_the_acl_are_left_alone(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    subnet = a_subnet(workbench, vpc.id).id
    life = workbench.made(ACL, vpcId=vpc.id)
    rule = workbench.made(
        RULE, networkAclId=life.id, ruleNumber=200, protocol="tcp", ruleAction="allow", fromPort=22, toPort=22, cidrBlock="10.0.0.0/8"
    )
    place = workbench.made(ASSOCIATION, networkAclId=life.id, subnetId=subnet)
    assert life.refresh() == []
    life.update(vpcId=vpc.id, tags=TAGS)
    assert rule.refresh() == place.refresh() == []


def test_drift_of_entries_and_subnets_shows_on_refresh(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    subnet = a_subnet(workbench, vpc.id).id
    life = workbench.made(ACL, vpcId=vpc.id, ingress=[HTTPS], subnetIds=[subnet])
    ec2 = life.boto("ec2")
    ec2.delete_network_acl_entry(NetworkAclId=life.id, RuleNumber=100, Egress=False)
    held = told(life)["Associations"][0]["NetworkAclAssociationId"]
    ec2.replace_network_acl_association(AssociationId=held, NetworkAclId=vpc.outputs["defaultNetworkAclId"])
    assert {change.path.split("[")[0] for change in life.refresh()} == {"ingress", "subnetIds"}


def test_a_network_acl_of_another_vpc_is_another(workbench: Workbench) -> None:
    life = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    assert life.replaced_by(vpcId=NO_VPC) == {"vpcId"}


def test_a_network_acl_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    inputs, _ = workbench.made(ACL, vpcId=vpc, ingress=[HTTPS], tags=TAGS).imported()
    assert inputs["ingress"] == [{**HTTPS, "protocol": "6"}]
    assert (inputs["vpcId"], inputs["tags"]) == (vpc, TAGS)


def test_a_default_network_acl_is_brought_to_what_is_declared_and_left(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    default = vpc.outputs["defaultNetworkAclId"]
    assert entries(vpc, default) != {}
    life = workbench.made(DEFAULT, defaultNetworkAclId=default, tags=TAGS)
    assert life.id == default
    assert entries(life) == {}
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(defaultNetworkAclId=default, ingress=[HTTPS], egress=[ALL])
    assert set(entries(life)) == {("in", 100), ("out", 100)}
    assert life.refresh() == []

    life.delete()
    assert not life.gone()
    assert set(entries(life)) == {("in", 100), ("out", 100)}
    assert life.replaced_by(defaultNetworkAclId=NO_ACL) == {"defaultNetworkAclId"}


def test_a_new_network_acl_lets_nothing_through(workbench: Workbench) -> None:
    life = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    assert {(entry["RuleNumber"], entry["RuleAction"], entry["Egress"]) for entry in told(life)["Entries"]} == {
        (32767, "deny", True),
        (32767, "deny", False),
    }


def test_only_a_default_network_acl_is_adopted(workbench: Workbench) -> None:
    acl = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    with pytest.raises(HandlerError, match="not its VPC's default"):
        workbench.made(DEFAULT, defaultNetworkAclId=acl.id)


SSH: dict[str, Any] = {"ruleNumber": 200, "protocol": "tcp", "ruleAction": "allow", "fromPort": 22, "toPort": 22, "cidrBlock": "10.0.0.0/8"}


def test_a_rule_lives_as_declared(workbench: Workbench) -> None:
    acl = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    life = workbench.made(RULE, networkAclId=acl.id, **SSH, egress=True)
    assert life.id == f"{acl.id}:200:6:true"
    assert entries(acl) == {("out", 200): ("6", (22, 22), "10.0.0.0/8", "allow")}
    assert life.refresh() == []
    assert life.diff(networkAclId=acl.id, **{**SSH, "protocol": "6"}, egress=True) == []
    inputs, _ = life.imported()
    assert inputs == {"networkAclId": acl.id, **SSH, "protocol": "6", "egress": True, "region": "eu-west-1"}
    life.delete()
    assert life.gone()
    assert entries(acl) == {}


def test_every_change_of_a_rule_replaces_it(workbench: Workbench) -> None:
    acl = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    life = workbench.made(RULE, networkAclId=acl.id, **SSH)
    assert life.replaced_by(networkAclId=acl.id, **{**SSH, "ruleAction": "deny"}) == {"ruleAction"}
    assert life.replaced_by(networkAclId=acl.id, **{**SSH, "fromPort": 20}) == {"fromPort"}


def test_a_changed_rule_shows_as_drift(workbench: Workbench) -> None:
    acl = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    life = workbench.made(RULE, networkAclId=acl.id, **SSH)
    life.boto("ec2").replace_network_acl_entry(
        NetworkAclId=acl.id, RuleNumber=200, Egress=False, Protocol="6", RuleAction="deny", CidrBlock="10.0.0.0/8",
        PortRange={"From": 22, "To": 22},
    )  # fmt: skip
    assert [change.path for change in life.refresh()] == ["ruleAction"]


def test_an_association_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    subnet, default = a_subnet(workbench, vpc.id).id, vpc.outputs["defaultNetworkAclId"]
    acl = workbench.made(ACL, vpcId=vpc.id)
    life = workbench.made(ASSOCIATION, networkAclId=acl.id, subnetId=subnet)
    assert behind(acl) == {subnet}
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert (inputs["networkAclId"], inputs["subnetId"]) == (acl.id, subnet)
    assert life.replaced_by(networkAclId=NO_ACL, subnetId=subnet) == {"networkAclId"}
    life.delete()
    assert life.gone()
    assert behind(acl, default) == {subnet}


def test_a_subnet_that_is_not_there_stands_behind_nothing(workbench: Workbench) -> None:
    acl = workbench.made(ACL, vpcId=a_vpc(workbench).id)
    with pytest.raises(HandlerError, match=NO_SUBNET):
        workbench.made(ASSOCIATION, networkAclId=acl.id, subnetId=NO_SUBNET)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({**HTTPS, "ruleNo": 0}, "ingress[0].ruleNo"),
        ({**HTTPS, "ruleNo": 32767}, "ingress[0].ruleNo"),
        ({**HTTPS, "action": "drop"}, "ingress[0].action"),
        ({**HTTPS, "protocol": "tpc"}, "ingress[0].protocol"),
        ({**HTTPS, "cidrBlock": "10.0.0.1/8"}, "ingress[0].cidrBlock"),
        ({**HTTPS, "ipv6CidrBlock": "::/0"}, "ingress[0].cidrBlock"),
        ({**HTTPS, "fromPort": 444}, "ingress[0].fromPort"),
        ({**HTTPS, "toPort": 70000}, "ingress[0].fromPort"),
        ({**ALL, "fromPort": 443, "toPort": 443}, "ingress[0].fromPort"),
    ],
)
def test_entries_that_cannot_be_are_refused(workbench: Workbench, entry: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(ACL).check(vpcId=NO_VPC, ingress=[entry])
    assert path in {failure.path for failure in refused.value.failures}


def test_two_entries_with_one_number_are_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="another entry of egress has this number"):
        workbench.life(ACL).check(vpcId=NO_VPC, egress=[ALL, {**HTTPS, "ruleNo": 100}])


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"ruleNumber": 40000}, "ruleNumber"), ({"ruleAction": "drop"}, "ruleAction"), ({"protocol": "tpc"}, "protocol")],
)
def test_rules_that_cannot_be_are_refused(workbench: Workbench, changes: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(RULE).check(networkAclId=NO_ACL, **{**SSH, **changes})
    assert path in {failure.path for failure in refused.value.failures}
