"""The `kubernetes` plugin as the engine meets it, on an emulated cluster: a process that speaks gRPC, asked what the engine asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc

from sandbox.protos import provider_pb2, provider_pb2_grpc
from sandbox.provider.journal import Journal
from sandbox.provider.kubernetes.objects import Kind, kind_of
from sandbox.provider.values import Properties, from_struct, to_struct
from tests.kit.cloud import REPOSITORY, EmulatedCloud

ROLE = "arn:aws:iam::123456789012:role/cluster"


class Refused(Exception):  # noqa: N818 - reads as a statement
    """The plugin refused inputs; `failures` holds its reasons by path."""

    def __init__(self, failures: dict[str, str]) -> None:
        super().__init__(str(failures))
        self.failures = failures


def cluster(cloud: EmulatedCloud, name: str = "estate", version: str = "1.35") -> str:
    """Makes an emulated cluster; returns its kubeconfig."""
    subnets = sorted(subnet["SubnetId"] for subnet in cloud.boto("ec2").describe_subnets()["Subnets"])
    made = cloud.boto("eks").create_cluster(name=name, roleArn=ROLE, version=version, resourcesVpcConfig={"subnetIds": subnets})
    return kubeconfig(made["cluster"]["endpoint"], name)


def kubeconfig(server: str, name: str = "estate") -> str:
    """A kubeconfig with one cluster."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": {"server": server}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
            "users": [{"name": name, "user": {}}],
        }
    )


def token_of(kind: Kind) -> str:
    return f"kubernetes:{kind.group or 'core'}/{kind.version}:{kind.name}"


@dataclass
class Made:
    """One object in a state."""

    urn: str
    token: str
    id: str
    inputs: Properties
    outputs: Properties
    raw: Any = field(repr=False)
    """The answer as it came on the wire, secrets wrapped."""


@dataclass
class Engine:
    """Asks what the engine asks, about objects as they stand in manifests."""

    stub: Any
    endpoint: str

    def configure(self, kubeconfig: str, **settings: Any) -> None:
        provider = "urn:pulumi:test::morefocus::pulumi:providers:kubernetes::api"
        self.stub.Configure(provider_pb2.ConfigureRequest(urn=provider, args=to_struct({"kubeconfig": kubeconfig, **settings})))

    def check(self, item: Mapping[str, Any], *, olds: Properties | None = None, name: str = "sample", token: str = "") -> Properties:
        token = token or token_of(kind_of(item))
        request = provider_pb2.CheckRequest(
            urn=urn(token, name), type=token, news=to_struct(item), olds=to_struct(olds or {}), randomSeed=b"1" * 32
        )
        answer = self.stub.Check(request)
        if answer.failures:
            raise Refused({failure.property: failure.reason for failure in answer.failures})
        return from_struct(answer.inputs)

    def preview(self, item: Mapping[str, Any], *, name: str = "sample", token: str = "") -> Properties:
        token = token or token_of(kind_of(item))
        inputs = self.check(item, name=name, token=token)
        return from_struct(
            self.stub.Create(
                provider_pb2.CreateRequest(urn=urn(token, name), type=token, properties=to_struct(inputs), preview=True)
            ).properties
        )

    def create(self, item: Mapping[str, Any], *, name: str = "sample", token: str = "", seen: bool = True) -> Made:
        """Checks and creates; `seen` is whether the state came to hold it."""
        token = token or token_of(kind_of(item))
        inputs = self.check(item, name=name, token=token)
        answer = self.stub.Create(provider_pb2.CreateRequest(urn=urn(token, name), type=token, properties=to_struct(inputs)))
        if seen:
            Journal(self.endpoint).acknowledge(urn(token, name), answer.id)
        return Made(urn(token, name), token, answer.id, inputs, from_struct(answer.properties), answer.properties)

    def diff(self, made: Made, item: Mapping[str, Any]) -> Any:
        news = self.check(item, olds=made.inputs, name=made.urn.rsplit("::", 1)[-1], token=made.token)
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=made.id,
                urn=made.urn,
                type=made.token,
                olds=to_struct(made.outputs),
                old_inputs=to_struct(made.inputs),
                news=to_struct(news),
            )
        )

    def update(self, made: Made, item: Mapping[str, Any], *, preview: bool = False, ignored: Sequence[str] = ()) -> Made:
        news = self.check(item, olds=made.inputs, name=made.urn.rsplit("::", 1)[-1], token=made.token)
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=made.id,
                urn=made.urn,
                type=made.token,
                olds=to_struct(made.outputs),
                old_inputs=to_struct(made.inputs),
                news=to_struct(news),
                preview=preview,
                ignoreChanges=ignored,
            )
        )
        return Made(made.urn, made.token, made.id, news, from_struct(answer.properties), answer.properties)

    def read(self, made: Made) -> Made | None:
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=made.id, urn=made.urn, type=made.token, properties=to_struct(made.outputs), inputs=to_struct(made.inputs)
            )
        )
        if not answer.id:
            return None
        return Made(made.urn, made.token, made.id, from_struct(answer.inputs), from_struct(answer.properties), answer.properties)

    def delete(self, made: Made) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=made.urn, type=made.token, properties=to_struct(made.outputs)))


def urn(token: str, name: str = "sample") -> str:
    return f"urn:pulumi:test::morefocus::morefocus:platform:Part${token}::{name}"


@contextmanager
def plugin(cloud: EmulatedCloud, **environment: str) -> Iterator[Engine]:
    """Starts the plugin's process; ends it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.provider.kubernetes", "127.0.0.1:1"],
        cwd=REPOSITORY,
        env={**os.environ, "AWS_ENDPOINT_URL": cloud.endpoint, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
            yield Engine(provider_pb2_grpc.ResourceProviderStub(channel), cloud.endpoint)
    finally:
        process.terminate()
        process.wait(10)
