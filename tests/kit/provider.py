"""A resource's whole life through the provider's own code, against an emulated cloud that runs in this process.

`Life` speaks as the engine does (wire values in, wire values out) and keeps the state between the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest

from sandbox.provider.clients import Clients
from sandbox.provider.configuration import Configuration
from sandbox.provider.differ import Change
from sandbox.provider.facts import sdk
from sandbox.provider.journal import Journal
from sandbox.provider.registry import handlers
from sandbox.provider.resources import Cloud, Resources
from sandbox.provider.values import UNKNOWN, Properties, from_struct, to_struct
from tests.kit.cloud import EmulatedCloud, running


@dataclass
class Life:
    """One resource from nothing to nothing."""

    resources: Resources
    endpoint: str
    token: str
    region: str = "eu-west-1"
    name: str = "sample"
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:test::morefocus::{self.token}::{self.name}"

    def check(self, **inputs: Any) -> Properties:
        """The inputs as they would be deployed; raises InvalidInputs."""
        return self.resources.check(self.urn, self.token, dict(self.inputs), _wire(inputs), seed=b"7" * 32)

    def preview(self, **inputs: Any) -> Properties:
        """Outputs that the preview of a creation shows; UNKNOWN where it cannot know."""
        return _wire(self.resources.preview_create(self.urn, self.token, self.check(**inputs)))

    def create(self, **inputs: Any) -> Properties:
        """Creates it after the checks that the real engine's run would make: the preview promised nothing that is not so."""
        checked = self.check(**inputs)
        promised = _wire(self.resources.preview_create(self.urn, self.token, checked))
        self.id, outputs = self.resources.create(self.urn, self.token, checked)
        Journal(self.endpoint).acknowledge(self.urn, self.id)  # the engine's state has it now
        self.inputs, self.outputs = checked, _wire(outputs)
        for key, value in promised.items():
            assert _keeps(value, self.outputs.get(key)), f"{self.token}: preview promised {key}={value!r}"
        required = {key for key, item in sdk.resource(self.token).outputs.items() if item.required}
        assert required <= self.outputs.keys(), f"{self.token}: outputs lack {sorted(required - self.outputs.keys())}"
        return self.outputs

    def diff(self, **inputs: Any) -> list[Change]:
        """What the engine would see as changed for these inputs."""
        return self.resources.diff(self.token, self.inputs, self.outputs, self.check(**inputs))

    def replaced_by(self, **inputs: Any) -> set[str]:
        """Paths that would replace the resource."""
        return {change.path for change in self.diff(**inputs) if change.replaces}

    def update(self, **inputs: Any) -> Properties:
        """Updates in place; asserts that it is no replacement, and that a second time changes nothing."""
        checked = self.check(**inputs)
        assert not self.replaced_by(**inputs)
        outputs = _wire(self.resources.update(self.urn, self.token, self.id, self.outputs, checked))
        again = _wire(self.resources.update(self.urn, self.token, self.id, self.outputs, checked))
        # What changes by itself, such as a time of the last write, may have done so between the two.
        volatile = handlers()[self.token].volatile
        assert outputs.keys() == again.keys(), "an interrupted update could not be run again"
        assert not [key for key in outputs.keys() - volatile if outputs[key] != again[key]], "an interrupted update could not be run again"
        self.inputs, self.outputs = checked, outputs
        return self.outputs

    def refresh(self) -> list[Change]:
        """Reads it; returns what the next run would see as drift (nothing, for an untouched resource)."""
        found = self.resources.read(self.urn, self.token, self.id, self.outputs, self.inputs)
        assert found is not None, f"{self.token} {self.id} is gone"
        inputs, self.outputs = _wire(found[0]), _wire(found[1])
        return self.resources.diff(self.token, inputs, self.outputs, self.inputs)

    def imported(self) -> tuple[Properties, Properties]:
        """(inputs, outputs) of an import by id."""
        found = self.resources.read(self.urn, self.token, self.id, {}, {})
        assert found is not None
        return found

    def delete(self) -> None:
        """Deletes it twice: the second must not mind."""
        self.resources.delete(self.urn, self.token, self.id, self.outputs)
        self.resources.delete(self.urn, self.token, self.id, self.outputs)

    def gone(self) -> bool:
        """Whether the cloud no longer has it."""
        return self.resources.read(self.urn, self.token, self.id, self.outputs, self.inputs) is None

    def boto(self, service: str, region: str | None = None) -> Any:
        """An independent boto3 client on the same cloud."""
        return _observer(self.endpoint, service, region or self.region)


@cache
def _observer(endpoint: str, service: str, region: str) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=endpoint, **_CREDENTIALS)


@cache
def _acting(endpoint: str) -> tuple[Clients, str]:
    """The provider's clients and their account; making them anew for each life would take longer than most lives."""
    clients = Clients(endpoint, _CREDENTIALS)
    return clients, clients.account()


_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def _wire(properties: Properties) -> Properties:
    return from_struct(to_struct(properties))


def _keeps(promised: Any, made: Any) -> bool:
    """Whether what was made is what a preview promised; what was unknown, at any depth, promised nothing."""
    if promised is UNKNOWN:
        return True
    if isinstance(promised, dict) and isinstance(made, dict):
        return promised.keys() <= made.keys() and all(_keeps(item, made[key]) for key, item in promised.items())
    if isinstance(promised, list) and isinstance(made, list):
        return len(promised) == len(made) and all(map(_keeps, promised, made))
    return bool(promised == made)


@dataclass
class Workbench:
    """Makes lives against one emulated cloud."""

    endpoint: str
    default_tags: dict[str, str] = field(default_factory=dict)

    def life(self, token: str, *, region: str = "eu-west-1", name: str = "sample") -> Life:
        clients, account = _acting(self.endpoint)
        configuration = Configuration(region=region, default_tags=self.default_tags)
        cloud = Cloud(configuration, clients, account, Journal(self.endpoint))
        return Life(Resources(cloud), self.endpoint, token, region, name)

    def made(self, token: str, *, region: str = "eu-west-1", logical: str = "sample", **inputs: Any) -> Life:
        """A life that already exists; `region` is the provider's, `logical` the resource's name in the program."""
        life = self.life(token, region=region, name=logical)
        life.create(**inputs)
        return life


@pytest.fixture(scope="session")
def emulated_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedCloud]:
    """One for the whole session; tests that kill theirs start their own."""
    with running(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def workbench(emulated_cloud: EmulatedCloud) -> Workbench:
    """A fresh account of that cloud."""
    emulated_cloud.reset()
    return Workbench(emulated_cloud.endpoint)
