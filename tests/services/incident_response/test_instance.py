"""A suspicious instance is cut off with its evidence kept, once, and only by who means it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from services.incident_response.instance import isolate
from tests.services.incident_response.scene import REGION, Scene, scene


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with scene(monkeypatch) as made:
        yield made


def _isolated(found: Scene, *, dry_run: bool = False) -> list[str]:
    return isolate(found.connect, found.instance, found.quarantine, "finding-1", dry_run=dry_run)


def test_every_interface_has_the_quarantine_group_alone(found: Scene) -> None:
    assert found.groups() != {found.quarantine}
    _isolated(found)
    assert found.groups() == {found.quarantine}


def test_it_leaves_its_auto_scaling_group_which_starts_another_and_cannot_be_terminated(found: Scene) -> None:
    _isolated(found)
    assert found.instance not in found.scaled()
    assert len(found.scaled()) == 1, "the work goes on elsewhere"
    attribute = found.connect("ec2").describe_instance_attribute(InstanceId=found.instance, Attribute="disableApiTermination")
    assert attribute["DisableApiTermination"]["Value"] is True


def test_its_volumes_are_kept_under_the_findings_name(found: Scene) -> None:
    _isolated(found)
    assert found.snapshots("finding-1") == [found.volume]


def test_a_second_time_does_nothing(found: Scene) -> None:
    assert _isolated(found)
    assert _isolated(found) == []
    assert found.snapshots("finding-1") == [found.volume]


def test_an_interrupted_isolation_is_finished(found: Scene) -> None:
    done = _isolated(found)
    ec2 = found.connect("ec2")
    [interface, *_] = ec2.describe_network_interfaces(Filters=[{"Name": "attachment.instance-id", "Values": [found.instance]}])[
        "NetworkInterfaces"
    ]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface["NetworkInterfaceId"], Groups=[found.group])
    again = _isolated(found)
    assert len(again) == 1 < len(done)
    assert found.groups() == {found.quarantine}


def test_a_rehearsal_tells_the_same_and_changes_nothing(found: Scene) -> None:
    before = found.groups()
    told = _isolated(found, dry_run=True)
    assert (found.groups(), found.scaled(), found.snapshots("finding-1")) == (before, [found.instance], [])
    assert told == _isolated(found)


def test_an_instance_of_another_vpc_is_told_of_and_left(found: Scene) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    elsewhere = ec2.create_security_group(GroupName="elsewhere", Description="x", VpcId=vpc)["GroupId"]
    [told] = isolate(found.connect, found.instance, elsewhere, "finding-1", dry_run=False)
    assert "isolate it by hand" in told
    assert elsewhere not in found.groups()


def test_an_instance_that_is_gone_is_told_of(found: Scene) -> None:
    found.connect("ec2").terminate_instances(InstanceIds=[found.instance])
    assert _isolated(found) == [f"{found.instance} is gone: nothing to isolate"]
