"""The plugin as the engine meets it: a process that prints its port and speaks gRPC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

from sandbox.protos import provider_pb2, provider_pb2_grpc
from sandbox.provider.journal import Journal
from sandbox.provider.values import UNKNOWN, Properties, from_struct, to_struct
from tests.kit.cloud import REPOSITORY, EmulatedCloud

VPC = "aws:ec2/vpc:Vpc"
GROUP = "aws:cloudwatch/logGroup:LogGroup"


@dataclass
class Engine:
    """Asks what the engine asks."""

    stub: Any

    def configure(self, **settings: Any) -> Any:
        return self.stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"region": "eu-west-1", **settings})))

    def check(self, token: str, news: Properties, olds: Properties | None = None, name: str = "sample") -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn(token, name), type=token, news=to_struct(news), olds=to_struct(olds or {}), randomSeed=b"1" * 32
            )
        )

    def create(self, token: str, inputs: Properties, *, preview: bool = False, name: str = "sample") -> Any:
        return self.stub.Create(provider_pb2.CreateRequest(urn=urn(token, name), type=token, properties=to_struct(inputs), preview=preview))

    def diff(self, token: str, identity: str, olds: Properties, old_inputs: Properties, news: Properties) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=identity, urn=urn(token), type=token, olds=to_struct(olds), old_inputs=to_struct(old_inputs), news=to_struct(news)
            )
        )


def urn(token: str, name: str = "sample") -> str:
    return f"urn:pulumi:test::morefocus::morefocus:network:Network${token}::{name}"


@pytest.fixture
def engine(emulated_cloud: EmulatedCloud) -> Iterator[Engine]:
    emulated_cloud.reset()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.provider", "127.0.0.1:1"],
        cwd=REPOSITORY,
        env={**os.environ, "AWS_ENDPOINT_URL": emulated_cloud.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
        yield Engine(provider_pb2_grpc.ResourceProviderStub(channel))
    process.terminate()
    process.wait(10)


def refusal(caught: pytest.ExceptionInfo[Any]) -> str:
    return str(caught.value.details())


def test_a_resource_goes_through_check_create_diff_and_delete(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow", "retentionInDays": 365}).inputs)
    assert inputs["region"] == "eu-west-1"
    made = engine.create(GROUP, inputs)
    assert made.id == "/estate/flow"
    assert emulated_cloud.boto("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 365

    outputs = from_struct(made.properties)
    assert engine.diff(GROUP, made.id, outputs, inputs, inputs).changes == provider_pb2.DiffResponse.DIFF_NONE
    changed = engine.diff(GROUP, made.id, outputs, inputs, {**inputs, "name": "/estate/other"})
    assert list(changed.replaces) == ["name"]
    assert changed.detailedDiff["name"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE

    engine.stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=urn(GROUP), type=GROUP, properties=made.properties))
    assert emulated_cloud.boto("logs").describe_log_groups()["logGroups"] == []


def test_a_preview_creates_nothing_and_says_what_it_knows(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    before = len(emulated_cloud.boto("ec2").describe_vpcs()["Vpcs"])
    inputs = from_struct(engine.check(VPC, {"cidrBlock": "10.1.0.0/16"}).inputs)
    shown = engine.create(VPC, inputs, preview=True)
    outputs = from_struct(shown.properties)
    assert shown.id == ""
    assert outputs["cidrBlock"] == "10.1.0.0/16"
    assert outputs["defaultRouteTableId"] is UNKNOWN
    assert len(emulated_cloud.boto("ec2").describe_vpcs()["Vpcs"]) == before


def test_every_wrong_input_is_named_at_once(engine: Engine) -> None:
    engine.configure()
    failures = engine.check(VPC, {"cidrBlok": "10.1.0.0/16", "enableDnsSupport": "yes"}).failures
    assert {failure.property for failure in failures} == {"cidrBlok", "enableDnsSupport"}
    assert "cidrBlock" in next(failure.reason for failure in failures if failure.property == "cidrBlok")


def test_a_type_that_the_sdk_does_not_have_is_refused(engine: Engine) -> None:
    engine.configure()
    (failure,) = engine.check("aws:ec2/vcp:Vcp", {}).failures
    assert "aws:ec2/vcp:Vcp" in failure.reason


def test_a_type_without_a_handler_is_refused_by_name(engine: Engine) -> None:
    engine.configure()
    with pytest.raises(grpc.RpcError) as caught:
        engine.check("aws:gamelift/fleet:Fleet", {"name": "x"})
    assert "no handler for aws:gamelift/fleet:Fleet" in refusal(caught)


def test_default_tags_reach_the_cloud_and_stay_out_of_the_inputs(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure(defaultTags='{"tags": {"managed-by": "pulumi"}}')
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow", "tags": {"owner": "platform"}}).inputs)
    outputs = from_struct(engine.create(GROUP, inputs).properties)
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["tagsAll"] == {"owner": "platform", "managed-by": "pulumi"}
    tags = emulated_cloud.boto("logs").list_tags_log_group(logGroupName="/estate/flow")["tags"]
    assert tags == outputs["tagsAll"]
    assert engine.diff(GROUP, "/estate/flow", outputs, inputs, inputs).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_changed_default_tag_updates_resources_that_did_not_change(engine: Engine) -> None:
    engine.configure(defaultTags='{"tags": {"cost-centre": "platform"}}')
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow"}).inputs)
    outputs = {**inputs, "arn": "arn", "tagsAll": {"cost-centre": "other"}}
    changed = engine.diff(GROUP, "/estate/flow", outputs, inputs, inputs)
    assert list(changed.diffs) == ["tagsAll"]
    assert not changed.replaces


def test_the_region_argument_of_a_resource_wins_over_the_providers(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow", "region": "sa-east-1"}).inputs)
    engine.create(GROUP, inputs)
    assert emulated_cloud.boto("logs", "sa-east-1").describe_log_groups()["logGroups"]
    assert not emulated_cloud.boto("logs", "eu-west-1").describe_log_groups()["logGroups"]


def test_an_assumed_role_acts_in_its_own_account(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure(assumeRoles='[{"roleArn": "arn:aws:iam::210987654321:role/deploy"}]')
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow"}).inputs)
    outputs = from_struct(engine.create(GROUP, inputs).properties)
    assert outputs["arn"].split(":")[4] == "210987654321"
    assert emulated_cloud.boto("logs").describe_log_groups()["logGroups"] == []


def test_an_account_that_is_not_allowed_is_refused_before_anything_happens(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.configure(allowedAccountIds='["999999999999"]')
    assert "act in account 123456789012; allowed: 999999999999" in refusal(caught)


def test_a_creation_that_the_engine_lost_is_not_made_twice(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    inputs = from_struct(engine.check(VPC, {"cidrBlock": "10.1.0.0/16"}).inputs)
    first, second = engine.create(VPC, inputs), engine.create(VPC, inputs)
    assert first.id == second.id
    assert from_struct(first.properties) == from_struct(second.properties)
    found = emulated_cloud.boto("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.1.0.0/16"]}])["Vpcs"]
    assert len(found) == 1


def test_a_lost_creation_whose_inputs_changed_is_ended_before_a_new_one_is_made(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    lost = engine.create(VPC, from_struct(engine.check(VPC, {"cidrBlock": "10.1.0.0/16"}).inputs))
    kept = engine.create(VPC, from_struct(engine.check(VPC, {"cidrBlock": "10.2.0.0/16"}).inputs))
    standing = {vpc["VpcId"] for vpc in emulated_cloud.boto("ec2").describe_vpcs()["Vpcs"]}
    assert lost.id not in standing
    assert kept.id in standing


def test_a_creation_that_the_state_knows_is_made_anew_when_it_is_replaced(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    inputs = from_struct(engine.check(VPC, {"cidrBlock": "10.1.0.0/16"}).inputs)
    first = engine.create(VPC, inputs)
    # The next run's diff shows that the state has it.
    Journal(emulated_cloud.endpoint).acknowledge(urn(VPC), first.id)
    assert engine.create(VPC, inputs).id != first.id


def test_a_provider_that_would_speak_to_aws_refuses_to(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbox.provider.clients import Clients
    from sandbox.provider.errors import HandlerError

    with pytest.raises(HandlerError, match="only to an emulated cloud on loopback"):
        Clients("https://ec2.eu-west-1.amazonaws.com")


def test_drift_is_read_back_into_the_inputs(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.configure()
    inputs = from_struct(engine.check(GROUP, {"name": "/estate/flow", "retentionInDays": 365}).inputs)
    made = engine.create(GROUP, inputs)
    emulated_cloud.boto("logs").put_retention_policy(logGroupName="/estate/flow", retentionInDays=7)
    read = engine.stub.Read(
        provider_pb2.ReadRequest(id=made.id, urn=urn(GROUP), type=GROUP, properties=made.properties, inputs=to_struct(inputs))
    )
    assert from_struct(read.inputs) == {**inputs, "retentionInDays": 7}
    emulated_cloud.boto("logs").delete_log_group(logGroupName="/estate/flow")
    gone = engine.stub.Read(
        provider_pb2.ReadRequest(id=made.id, urn=urn(GROUP), type=GROUP, properties=made.properties, inputs=to_struct(inputs))
    )
    assert gone.id == ""


def test_an_unknown_data_source_is_refused_by_name(engine: Engine) -> None:
    engine.configure()
    with pytest.raises(grpc.RpcError) as caught:
        engine.stub.Invoke(provider_pb2.InvokeRequest(tok="aws:ec2/getNothing:getNothing", args=to_struct({})))
    assert "no data source aws:ec2/getNothing:getNothing" in refusal(caught)
