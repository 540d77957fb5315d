from typing import Any

import pytest

from components.platform.vault.configuration import VaultConfiguration, VaultConfigurationArgs
from components.platform.vault.policies import TenantAccess
from components.platform.vault.snapshots import VaultSnapshots, VaultSnapshotsArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

JOBS = ("configuration", "snapshots")


def _job(kind: str) -> dict[str, Any]:
    def program() -> None:
        if kind == "snapshots":
            args = VaultSnapshotsArgs(namespace="vault", image="v:1", carrier_image="a:1", bucket="b", priority_class="batch")
            VaultSnapshots("vault-snapshots", a_context(), args)
        else:
            access = TenantAccess(tenant="acme", namespace="tenant-acme", service_account="app")
            given = VaultConfigurationArgs(namespace="vault", image="v:1", priority_class="batch", tenants=(access,))
            VaultConfiguration("vault-configuration", a_context(), given)

    spec: dict[str, Any] = record(program).one("kubernetes:batch/v1:CronJob").inputs["spec"]
    return spec


def _pod(kind: str) -> dict[str, Any]:
    pod: dict[str, Any] = _job(kind)["jobTemplate"]["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_is_restricted_and_has_a_token_for_vault_alone(kind: str) -> None:
    pod = _pod(kind)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*pod.get("initContainers", []), *pod["containers"]):
        assert container["securityContext"]["readOnlyRootFilesystem"] and container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"] == "256Mi"
    (token,) = [volume["projected"]["sources"][0]["serviceAccountToken"] for volume in pod["volumes"] if "projected" in volume]
    assert (token["audience"], token["expirationSeconds"]) == ("vault", 600)


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_trusts_the_servers_certificate_and_never_sees_their_key(kind: str) -> None:
    (tls,) = [volume["secret"] for volume in _pod(kind)["volumes"] if volume["name"] == "tls"]
    assert [item["key"] for item in tls["items"]] == ["ca.crt"]


@pytest.mark.parametrize("kind", JOBS)
def test_one_run_at_a_time_that_ends(kind: str) -> None:
    spec = _job(kind)
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 900


@pytest.mark.parametrize("kind", JOBS)
def test_every_folder_that_a_container_mounts_is_a_volume_of_its_pod(kind: str) -> None:
    pod = _pod(kind)
    there = {volume["name"] for volume in pod["volumes"]}
    for container in (*pod.get("initContainers", []), *pod["containers"]):
        assert {mount["name"] for mount in container["volumeMounts"]} <= there
