"""Whatever is killed, whenever: the next `up` completes, nothing is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.sample_project import SampleProject, make_sample

pytestmark = [pytest.mark.sandbox, pytest.mark.long]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[SampleProject]:
    made = make_sample(tmp_path / "sample")
    yield made
    made.run("down", "--force")
    assert made.processes() == []


def standing(project: SampleProject) -> dict[str, Any]:
    """What the emulated cloud holds of the sample, counted by a client that knows nothing of Pulumi."""
    ec2, kms = project.boto("ec2"), project.boto("kms")
    vpcs = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    inside = [{"Name": "vpc-id", "Values": vpcs or ["none"]}]
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    return {
        "vpcs": len(vpcs),
        "subnets": len(ec2.describe_subnets(Filters=inside)["Subnets"]),
        "route tables": len(ec2.describe_route_tables(Filters=inside)["RouteTables"]),
        "groups": len(ec2.describe_security_groups(Filters=inside)["SecurityGroups"]),
        "keys": len([key for key in keys if key["Description"] == "sample" and key["KeyState"] == "Enabled"]),
        "buckets": len(project.boto("s3").list_buckets()["Buckets"]),
        "databases": len(project.boto("rds").describe_db_instances()["DBInstances"]),
        "logs": [group["retentionInDays"] for group in project.boto("logs").describe_log_groups(logGroupNamePrefix="/sample")["logGroups"]],
    }


# One VPC brings its own main route table and default group.
WHOLE = {"vpcs": 1, "subnets": 3, "route tables": 2, "groups": 2, "keys": 1, "buckets": 3, "databases": 1, "logs": [365]}


def begun(project: SampleProject) -> int:
    """How many creations the emulated cloud has seen begin."""
    note = project.root / ".sandbox" / "run" / "cloud.json"
    with contextlib.suppress(OSError, ValueError):
        port = json.loads(note.read_text())["port"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sandbox-api/operations", timeout=5) as answer:
            return len(json.loads(answer.read())["operations"])
    return -1


def kill_during_up(project: SampleProject, role: str, after: int) -> str:
    """Starts `up`, kills `role` once that many creations have begun; gives what `up` said."""
    running = project.start("up")
    while begun(project) < after:
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.005)
    project.victim(role).kill()
    output, _ = running.communicate(timeout=120)
    assert running.returncode != 0, output
    return output


@pytest.mark.parametrize("after", [1, 6, 12, 18])
@pytest.mark.parametrize("role", ["engine", "provider", "cloud"])
def test_a_kill_in_the_middle_of_the_first_up_loses_and_doubles_nothing(project: SampleProject, role: str, after: int) -> None:
    said = kill_during_up(project, role, after)
    assert "Traceback" not in said
    project.up()
    assert standing(project) == WHOLE


@pytest.mark.parametrize("role", ["engine", "provider", "cloud"])
def test_so_it_is_with_a_state_that_is_written_at_every_step(project: SampleProject, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_STATE", "every-step")
    kill_during_up(project, role, 12)
    project.up()
    assert standing(project) == WHOLE


def test_a_kill_in_the_middle_of_an_update_is_made_good(project: SampleProject) -> None:
    project.up()
    project.set("retention", "30")
    project.set("zones", "2")
    running = project.start("up")
    project.victim("provider").kill()
    running.communicate(timeout=120)
    project.up()
    assert standing(project) == {**WHOLE, "subnets": 2, "logs": [30]}
    assert "no change" in project.up().output


def test_what_an_interrupted_up_made_of_a_resource_that_the_program_dropped_is_removed(project: SampleProject) -> None:
    kill_during_up(project, "engine", 18)
    project.set("zones", "2")
    project.up()
    assert standing(project) == {**WHOLE, "subnets": 2}


def test_a_kill_during_down_is_finished_by_the_next_down(project: SampleProject) -> None:
    project.up()
    running = project.start("down", "--keep-cloud")
    project.victim("provider").kill()
    running.communicate(timeout=120)
    finished = project.run("down", "--keep-cloud")
    assert finished.code == 0, finished.output
    left = standing(project)
    assert left == {**WHOLE, "vpcs": 0, "subnets": 0, "route tables": 0, "groups": 0, "keys": 0, "buckets": 0, "databases": 0, "logs": []}
