"""Two tenants on a real API server, and what one tries on the other (TEN-1, TEN-2)."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

import pytest

from components.products.tenant.placement import TenantPlacement, TenantPlacementArgs
from components.products.tenant.tenant import Tenant, TenantArgs, TenantDatabase
from config.tenants import Quota
from config.vocabulary import Tier
from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home
from tests.kit.contexts import a_context
from tests.kit.control_plane import Cluster, pod, programs, project_folder
from tests.kit.recorder import record

OWN, SHARED = "tenant-acme", "tenant-zeta"


def _tenant(name: str, **more: Any) -> Tenant:
    database = TenantDatabase(host="h", name="main-starter", schema=f"tenant_{name}", pooler_namespace="pgbouncer", pooler_pods={"a": "b"})
    args = {
        "tenant": name,
        "tier": Tier.ENTERPRISE,
        "quota": Quota().hard(),
        "cluster_name": "cluster",
        "cluster_arn": "arn:aws:eks:us-east-1:123456789012:cluster/cluster",
        "database": database,
        "key_arn": "arn:key",
        "credentials_key_arn": "arn:credentials",
        "log_bucket": "logs",
    }
    return Tenant(f"tenant-{name}", a_context(), TenantArgs(**{**args, **more}))


def _objects() -> list[dict[str, Any]]:
    """The objects as the program registers them: namespaces first, as it waits for them."""

    def program() -> None:
        _tenant("acme", node_pool=OWN)
        _tenant("zeta")
        TenantPlacement("tenant-placement", a_context(), TenantPlacementArgs())

    found = [copy.deepcopy(each.inputs) for each in record(program).resources if each.type.startswith("kubernetes:")]
    return sorted(found, key=lambda each: each["kind"] != "Namespace")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A control plane with both tenants on it."""
    built = programs()
    plane = ControlPlane(Home(project_folder(tmp_path_factory.mktemp("cluster"))), "west")
    bring_up(plane, built, None, lambda _text: None)
    try:
        found = Cluster(plane, built)
        found.apply(*_objects())
        _in_force(found)
        yield found
    finally:
        plane.stop()


def _in_force(cluster: Cluster) -> None:
    """Wait until the API server judges by the rule, which it learns of a moment after it is written."""
    deadline = time.monotonic() + 30
    stray = pod("stray", OWN)
    while cluster.try_kubectl("apply", "--server-side", "--dry-run=server", "--filename=-", given=stray).returncode == 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def placed(name: str, namespace: str, **spec: Any) -> dict[str, Any]:
    """A pod that says where it stands."""
    made = pod(name, namespace)
    made["spec"] |= spec
    return made


MINE = {
    "nodeSelector": {"node-pool": OWN},
    "tolerations": [{"key": "node-pool", "operator": "Equal", "value": OWN, "effect": "NoSchedule"}],
}


def test_a_pod_that_asks_for_more_than_the_quota_is_refused(cluster: Cluster) -> None:
    assert "exceeded quota" in cluster.refusal(pod("big", SHARED, cpu="5", memory="1Gi"))
    assert cluster.get("resourcequota", "quota", "-n", SHARED)["spec"]["hard"]["requests.cpu"] == "4"


def test_a_sixth_service_is_refused(cluster: Cluster) -> None:
    def service(number: int) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": f"s{number}", "namespace": SHARED},
            "spec": {"ports": [{"port": 80}]},
        }

    cluster.apply(*(service(number) for number in range(5)))
    assert "exceeded quota" in cluster.refusal(service(5))


def test_a_privileged_pod_and_one_that_runs_as_root_are_refused(cluster: Cluster) -> None:
    assert 'violates PodSecurity "restricted' in cluster.refusal(pod("mighty", SHARED, privileged=True))
    root = pod("root", SHARED)
    root["spec"]["securityContext"] |= {"runAsUser": 0, "runAsNonRoot": False}
    assert "runAsNonRoot" in cluster.refusal(root)


def test_everything_is_refused_that_no_policy_allows(cluster: Cluster) -> None:
    for namespace in (OWN, SHARED):
        policies = {each["metadata"]["name"]: each["spec"] for each in cluster.get("networkpolicies", "-n", namespace)["items"]}
        assert policies["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
        assert not [name for name, spec in policies.items() if spec.get("ingress")]


@pytest.mark.parametrize("who", ["tenant", "default"])
@pytest.mark.parametrize(
    "attempt",
    [("get", "secrets"), ("list", "pods"), ("create", "pods"), ("create", "pods/exec"), ("get", "configmaps"), ("delete", "namespaces")],
)
def test_a_tenants_account_may_do_nothing_with_the_api_in_its_own_namespace_or_another(
    cluster: Cluster, who: str, attempt: tuple[str, str]
) -> None:
    for namespace in (OWN, SHARED):
        done = cluster.try_kubectl("auth", "can-i", *attempt, "-n", namespace, f"--as=system:serviceaccount:{OWN}:{who}")
        assert done.stdout.strip() == "no", (attempt, namespace)


def test_pods_of_a_tenant_with_nodes_of_its_own_stand_there_and_nowhere_else(cluster: Cluster) -> None:
    assert "needs nodeSelector node-pool" in cluster.refusal(pod("stray", OWN))
    cluster.apply(placed("at-home", OWN, **MINE))


def test_pods_of_another_tenant_are_kept_off_these_nodes(cluster: Cluster) -> None:
    assert "tolerates no node-pool but its own" in cluster.refusal(placed("guest", SHARED, **MINE))
    assert "tolerates no node-pool but its own" in cluster.refusal(placed("any", SHARED, tolerations=[{"operator": "Exists"}]))
    cluster.apply(pod("plain", SHARED))


def test_no_token_of_the_api_is_mounted_into_its_pods(cluster: Cluster) -> None:
    own = pod("asks-nothing", SHARED)
    own["spec"]["serviceAccountName"] = "tenant"
    cluster.apply(own)
    volumes = cluster.get("pod", "asks-nothing", "-n", SHARED)["spec"].get("volumes", [])
    assert not [each for each in volumes if "serviceAccountToken" in str(each)]


def test_what_a_container_says_nothing_of_it_is_given(cluster: Cluster) -> None:
    quiet = pod("quiet", SHARED)
    del quiet["spec"]["containers"][0]["resources"]
    cluster.apply(quiet)
    given = cluster.get("pod", "quiet", "-n", SHARED)["spec"]["containers"][0]["resources"]
    assert given == {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
