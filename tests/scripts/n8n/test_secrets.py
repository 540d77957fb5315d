"""Values of secrets as the emulated cloud holds them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.workload.objects import Objects
from scripts.n8n.secrets import CloudSecrets, client
from tests.kit.cloud import EmulatedCloud


def wanted(**properties: list[str]) -> Objects:
    data = [{"secretKey": part, "remoteRef": {"key": key, "property": part}} for key, parts in properties.items() for part in parts]
    store: dict[str, Any] = {
        "kind": "ClusterSecretStore",
        "metadata": {"name": "s"},
        "spec": {"provider": {"aws": {"region": "eu-west-1"}}},
    }
    return Objects.of([store, {"kind": "ExternalSecret", "metadata": {"name": "x", "namespace": "one"}, "spec": {"data": data}}])


def test_what_the_cloud_holds_is_read_and_what_it_does_not_is_made_up_once_and_told(emulated_cloud: EmulatedCloud, tmp_path: Path) -> None:
    emulated_cloud.reset()
    boto = emulated_cloud.boto("secretsmanager", "eu-west-1")
    boto.create_secret(Name="held", SecretString=json.dumps({"password": "known"}))
    boto.create_secret(Name="empty")
    known = wanted(held=["password", "key"], empty=["token"])
    read = CloudSecrets(client(emulated_cloud.endpoint, known), known, tmp_path / "made-up.json")
    assert json.loads(read.read("held"))["password"] == "known"
    made = {key: json.loads(read.read(key)) for key in ("held", "empty")}
    assert {key: set(values) for key, values in read.made_up.items()} == {"held": {"key"}, "empty": {"token"}}
    again = CloudSecrets(client(emulated_cloud.endpoint, known), known, tmp_path / "made-up.json")
    assert {key: json.loads(again.read(key)) for key in ("held", "empty")} == made
    assert (tmp_path / "made-up.json").stat().st_mode & 0o077 == 0
    with pytest.raises(KeyError):
        read.read("nobody-asks-for-it")
