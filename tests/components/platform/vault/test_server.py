import json
from typing import Any

import pytest

from components.platform.release import Chart
from components.platform.vault.server import VaultServer, VaultServerArgs, certificate_spec, vault_values
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record

ARGS = VaultServerArgs(
    chart=Chart(chart="vault", repository="https://charts.example.org", version="0.34.1"),
    image="docker.io/hashicorp/vault:2.0.4@sha256:" + "a" * 64,
    namespace="vault",
    key_alias="alias/vault-seal",
    issuer="internal-ca",
    storage_class="gp3",
    priority_class="platform",
)


def _server() -> Graph:
    return record(lambda: VaultServer("vault", a_context(), ARGS))


def _values() -> dict[str, Any]:
    values: dict[str, Any] = vault_values(ARGS, region="us-east-1")["server"]
    return values


def test_three_servers_stand_in_three_zones_and_one_at_a_time_may_be_taken_away() -> None:
    server = _values()
    assert server["ha"]["replicas"] == 3 and server["ha"]["disruptionBudget"]["maxUnavailable"] == 1
    (spread,) = server["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    assert spread["labelSelector"]["matchLabels"]["component"] == "server"
    assert server["dataStorage"] == {"enabled": True, "size": "10Gi", "storageClass": "gp3"}


def test_its_pods_are_restricted_and_write_to_their_own_volumes_alone() -> None:
    server = _values()
    containers = [server["statefulSet"]["securityContext"]["container"], *(each["securityContext"] for each in server["extraContainers"])]
    for container in containers:
        assert container["readOnlyRootFilesystem"] and container["capabilities"] == {"drop": ["ALL"]}
        assert container["allowPrivilegeEscalation"] is False
    pod = server["statefulSet"]["securityContext"]["pod"]
    assert pod["runAsNonRoot"] and (pod["runAsUser"], pod["fsGroup"]) == (100, 1000)
    # The start script copies the configuration there and fills in addresses.
    assert {"name": "tmp", "mountPath": "/tmp"} in server["volumeMounts"]


def test_it_is_ready_before_anybody_has_initialised_it_and_not_when_it_is_sealed_again() -> None:
    server = _values()
    assert "uninitcode=204" in server["readinessProbe"]["path"] and "sealedcode" not in server["readinessProbe"]["path"]
    # A sealed server is not restarted: that opens nothing.
    assert "sealedcode=204" in server["livenessProbe"]["path"]


def test_the_image_is_pinned_by_its_digest_and_the_configuration_is_json() -> None:
    server = _values()
    assert server["image"] == {"repository": "docker.io/hashicorp/vault", "tag": "2.0.4@sha256:" + "a" * 64}
    assert json.loads(server["ha"]["raft"]["config"])["seal"]["awskms"]["kms_key_id"] == "alias/vault-seal"


def test_no_injector_can_keep_pods_from_starting() -> None:
    values = vault_values(ARGS, region="us-east-1")
    assert not values["injector"]["enabled"] and not values["csi"]["enabled"] and not values["global"]["tlsDisable"]


def test_its_certificate_has_every_name_it_is_called_by_and_a_new_key_each_time() -> None:
    spec = certificate_spec(ARGS)
    assert "vault-2.vault-internal" in spec["dnsNames"] and spec["ipAddresses"] == ["127.0.0.1"]
    assert spec["privateKey"]["rotationPolicy"] == "Always"
    found = custom_resources(_server())
    assert len(found) == 1
    assert findings(found) == []


def test_servers_start_after_their_certificate() -> None:
    graph = _server()
    release = graph.named("vault-release")
    component = next(each for each in graph.resources if each.urn == release.parent)
    assert graph.named("vault-certificate").urn in component.depends_on


def test_a_volume_too_small_for_raft_is_refused() -> None:
    with pytest.raises(ValueError, match="10 to 1000"):
        VaultServerArgs(
            chart=ARGS.chart,
            image="a:1",
            namespace="vault",
            key_alias="a",
            issuer="i",
            storage_class="gp3",
            priority_class="platform",
            storage_gb=1,
        )
