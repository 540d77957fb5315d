"""Later stacks read the hub's exports; without a hub a preview goes on and an up stops with the command to run."""

import logging
from dataclasses import fields
from typing import Any

import grpc
import pulumi
import pytest

from config.load import load
from stacks.compose import compose
from stacks.handoff import HUB_PREFIX, SCHEDULING_PREFIX, HubExports, Readings, RegionExports, SchedulingExports
from tests.kit.composed import HUB_OUTPUTS, READ_OUTPUTS, answers, earlier_outputs, outputs_of_aws, shipped_graph
from tests.kit.recorder import UNKNOWN, failure, record


class EngineError(grpc.RpcError):  # type: ignore[misc]
    """What the engine's monitor answers when a call fails."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


def no_such_stack(args: dict[str, Any]) -> dict[str, Any]:
    raise EngineError(f'unknown stack "{args["name"]}"')


def no_access(args: dict[str, Any]) -> dict[str, Any]:
    raise EngineError("AccessDenied: the state bucket refuses")


PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ABSENT = {READ_OUTPUTS: no_such_stack}
EMPTY = answers({})
PARTIAL = answers({key: value for key, value in HUB_OUTPUTS.items() if key != "hub_zone_id"})


def test_the_hubs_stack_exports_what_later_stacks_read() -> None:
    exported = shipped_graph("us-east-1").stack_outputs
    assert {f"{HUB_PREFIX}{field.name}" for field in fields(HubExports)} <= set(exported)
    assert exported["hub_zone_id"] == "Z0" and exported["hub_web_url"] == "https://app.morefocus.com"


@pytest.mark.parametrize("name", ["us-east-1", "eu-west-1", "sa-east-1", "staging"])
def test_every_region_exports_the_same_readable_outputs(name: str) -> None:
    exported = {key for key in shipped_graph(name).stack_outputs if not key.startswith(HUB_PREFIX)}
    service = {f"{SCHEDULING_PREFIX}{field.name}" for field in fields(SchedulingExports)}
    assert exported == {field.name for field in fields(RegionExports)} | service


def test_only_the_hubs_stack_exports_the_hub() -> None:
    assert not [key for key in shipped_graph("eu-west-1").stack_outputs if key.startswith(HUB_PREFIX)]


def test_a_later_stack_refers_to_the_hub_of_its_own_organization_and_project() -> None:
    references = shipped_graph("sa-east-1").of_type("pulumi:pulumi:StackReference")
    assert {reference.name: reference.read_id for reference in references} == {
        "hub": "organization/morefocus/us-east-1",
        "euw1-stack": "organization/morefocus/eu-west-1",
    }


def test_a_region_refers_to_the_hub_alone_when_no_other_is_up_before_it() -> None:
    for name in ("eu-west-1", "staging"):
        assert [each.name for each in shipped_graph(name).of_type("pulumi:pulumi:StackReference")] == ["hub"]


def without_europe(args: dict[str, Any]) -> dict[str, Any]:
    if args["name"].endswith("eu-west-1"):
        return no_such_stack(args)
    return {"outputs": earlier_outputs(args["name"])}


def test_without_an_earlier_region_an_up_stops_before_anything_with_the_command_to_run() -> None:
    settings = load("sa-east-1")
    calls = {**answers(), READ_OUTPUTS: without_europe}
    error, graph = failure(lambda: compose(settings), stack="sa-east-1", computed=outputs_of_aws, calls=calls)
    assert isinstance(error, pulumi.RunError) and "`pulumi up -s eu-west-1` first" in str(error)
    assert [each.type for each in graph.resources] in ([], ["pulumi:pulumi:StackReference"])


def test_without_an_earlier_region_a_preview_goes_on_with_a_peering_to_be_known(caplog: pytest.LogCaptureFixture) -> None:
    settings = load("sa-east-1")
    calls = {**answers(), READ_OUTPUTS: without_europe}
    with caplog.at_level(logging.WARNING):
        graph = record(lambda: compose(settings), stack="sa-east-1", preview=True, computed=outputs_of_aws, calls=calls)
    asked = {each.inputs["peerRegion"]: each.inputs["peerTransitGatewayId"] for each in graph.of_type(PEERING)}
    assert asked == {"us-east-1": UNKNOWN, "eu-west-1": UNKNOWN}
    assert any("`pulumi up -s eu-west-1` comes first" in entry.message for entry in caplog.records)


def test_the_hubs_stack_refers_to_no_other() -> None:
    assert not shipped_graph("us-east-1").of_type("pulumi:pulumi:StackReference")


def test_the_hubs_zone_reaches_the_records_of_a_later_stack() -> None:
    records = shipped_graph("eu-west-1").of_type("aws:route53/record:Record")
    assert records and {record_.inputs["zoneId"] for record_ in records} == {"zone_id-of-the-hub"}


@pytest.mark.parametrize(("calls", "said"), [(ABSENT, "has no outputs yet"), (EMPTY, "has no outputs yet"), (PARTIAL, "lacks zone_id")])
def test_without_the_hub_an_up_stops_before_anything_with_the_command_to_run(calls: dict[str, Any], said: str) -> None:
    settings = load("eu-west-1")
    error, graph = failure(lambda: compose(settings), stack="eu-west-1", computed=outputs_of_aws, calls={**answers(), **calls})
    assert isinstance(error, pulumi.RunError)
    assert said in str(error) and "`pulumi up -s us-east-1`" in str(error)
    assert not graph.resources


@pytest.mark.parametrize("calls", [ABSENT, EMPTY, PARTIAL])
def test_without_the_hub_a_preview_goes_on_with_unknown_values_and_says_so(calls: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    settings = load("eu-west-1")
    with caplog.at_level(logging.WARNING):
        graph = record(lambda: compose(settings), stack="eu-west-1", preview=True, computed=outputs_of_aws, calls={**answers(), **calls})
    assert {each.inputs["zoneId"] for each in graph.of_type("aws:route53/record:Record")} == {UNKNOWN}
    if calls is not PARTIAL:
        assert not graph.of_type("pulumi:pulumi:StackReference")
    assert any("`pulumi up -s us-east-1` comes first" in entry.message for entry in caplog.records)


def test_a_state_that_cannot_be_read_is_told_as_such() -> None:
    error, _ = failure(lambda: Readings("us-east-1", []).hub(), calls={READ_OUTPUTS: no_access})
    assert isinstance(error, pulumi.RunError) and "AccessDenied" in str(error)


def test_no_output_holds_a_password() -> None:
    for name in ("us-east-1", "eu-west-1"):
        versions = shipped_graph(name).of_type("aws:secretsmanager/secretVersion:SecretVersion")
        outputs = repr(shipped_graph(name).stack_outputs)
        assert "database-master-secret" in {version.name for version in versions}
        assert not [version.name for version in versions if version.inputs["secretString"] in outputs]
        assert "password" not in outputs
