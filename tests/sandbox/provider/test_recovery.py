"""What interrupted runs left behind is brought in line with the states."""

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.journal import Journal
from sandbox.provider.recovery import sweep
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

VPC = "aws:ec2/vpc:Vpc"


def _lost(workbench: Workbench, name: str, cidr: str) -> tuple[str, str]:
    """A creation that no diff has acknowledged: (URN, id)."""
    life = workbench.life(VPC, name=name)
    resource_id, _ = life.resources.create(life.urn, VPC, life.check(cidrBlock=cidr))
    return life.urn, resource_id


def _networks(cloud: EmulatedCloud, cidr: str) -> list[str]:
    found = cloud.boto("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": [cidr]}])["Vpcs"]
    return [vpc["VpcId"] for vpc in found]


def test_what_a_state_knows_stays_and_what_none_knows_is_undone(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    kept = _lost(workbench, "kept", "10.1.0.0/16")
    orphan = _lost(workbench, "orphan", "10.2.0.0/16")
    swept = sweep(workbench.endpoint, [kept])
    standing = {vpc["VpcId"] for vpc in emulated_cloud.boto("ec2").describe_vpcs()["Vpcs"]}
    assert kept[1] in standing
    assert orphan[1] not in standing
    assert (swept.settled, [operation.urn for operation in swept.undone]) == (1, [orphan[0]])
    assert Journal(workbench.endpoint).pending() == []


def test_a_creation_that_was_cut_off_half_way_is_undone_too(
    workbench: Workbench, emulated_cloud: EmulatedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_ATTEMPTS", "1")
    life = workbench.life(VPC)
    fault = {"match": "ec2:DescribeNetworkAcls", "kind": "error500", "times": -1}
    emulated_cloud.ask("POST", "/sandbox-api/faults", {"rules": [fault]})
    with pytest.raises(ClientError):
        life.resources.create(life.urn, VPC, life.check(cidrBlock="10.3.0.0/16"))
    emulated_cloud.ask("DELETE", "/sandbox-api/faults")
    assert _networks(emulated_cloud, "10.3.0.0/16")
    sweep(workbench.endpoint, [])
    assert not _networks(emulated_cloud, "10.3.0.0/16")


def test_a_second_sweep_finds_nothing_to_do(workbench: Workbench) -> None:
    _lost(workbench, "orphan", "10.2.0.0/16")
    sweep(workbench.endpoint, [])
    again = sweep(workbench.endpoint, [])
    assert (again.settled, again.undone) == (0, ())


def test_what_cannot_be_undone_is_told_and_the_rest_is_undone(workbench: Workbench, emulated_cloud: EmulatedCloud) -> None:
    first = _lost(workbench, "first", "10.4.0.0/16")
    stuck = _lost(workbench, "stuck", "10.5.0.0/16")
    last = _lost(workbench, "last", "10.6.0.0/16")
    # A subnet that the sandbox does not know holds the VPC.
    emulated_cloud.boto("ec2").create_subnet(VpcId=stuck[1], CidrBlock="10.5.0.0/24")
    swept = sweep(workbench.endpoint, [])
    assert [operation.urn for operation in swept.undone] == [last[0], first[0]]
    assert [(operation.urn, "DependencyViolation" in str(error)) for operation, error in swept.failed] == [(stuck[0], True)]
    assert Journal(workbench.endpoint).pending() == [], "it is told once"
