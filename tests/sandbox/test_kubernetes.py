"""Objects of a cluster under the real engine: previewed, applied, unchanged, refreshed, killed half-way, destroyed."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from scripts.manifests import main
from tests.kit.cloud import EmulatedCloud
from tests.kit.project import Project, project, wait_for

pytestmark = pytest.mark.sandbox

PROGRAM = """
import json

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs, ConfigMap, ConfigMapVolumeSourceArgs, ContainerArgs, Namespace, PodSecurityContextArgs, PodSpecArgs,
    PodTemplateSpecArgs, SeccompProfileArgs, Secret, SecurityContextArgs, VolumeArgs, VolumeMountArgs,
)
from pulumi_kubernetes.helm.v3 import Release
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicySpecArgs
from pulumi_kubernetes.provider import Provider

settings = pulumi.Config()
zones = ("us-east-1a", "us-east-1b")
network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(f"subnet-{zone[-1]}", vpc_id=network.id, cidr_block=f"10.0.{position}.0/24", availability_zone=zone)
    for position, zone in enumerate(zones)
]
cluster = aws.eks.Cluster(
    "cluster", name="demo", version="1.35", role_arn="arn:aws:iam::111122223333:role/cluster",
    vpc_config={"subnet_ids": [subnet.id for subnet in subnets]},
)


def kubeconfig(endpoint):
    return json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "demo",
        "clusters": [{"name": "demo", "cluster": {"server": endpoint}}],
        "contexts": [{"name": "demo", "context": {"cluster": "demo", "user": "demo"}}], "users": [{"name": "demo", "user": {}}],
    })


api = Provider("api", kubeconfig=cluster.endpoint.apply(kubeconfig), cluster_identifier="demo", enable_server_side_apply=True)
here = pulumi.ResourceOptions(provider=api)
space = Namespace(
    "space", metadata=ObjectMetaArgs(name="shop", labels={"pod-security.kubernetes.io/enforce": "restricted"}), opts=here
)
shop = space.metadata.name
settings_map = ConfigMap("settings", metadata=ObjectMetaArgs(namespace=shop), data={"colour": settings.get("words") or "blue"}, opts=here)
Secret("key", metadata=ObjectMetaArgs(name="key", namespace=shop), string_data={"key": pulumi.Output.secret("hush-hush")}, opts=here)
NetworkPolicy(
    "deny", metadata=ObjectMetaArgs(name="deny", namespace=shop),
    spec=NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress", "Egress"]), opts=here,
)
web = Deployment(
    "web",
    metadata=ObjectMetaArgs(name="web", namespace=shop),
    spec=DeploymentSpecArgs(
        replicas=settings.get_int("groups") or 2,
        selector=LabelSelectorArgs(match_labels={"app": "web"}),
        template=PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels={"app": "web"}),
            spec=PodSpecArgs(
                security_context=PodSecurityContextArgs(run_as_non_root=True, seccomp_profile=SeccompProfileArgs(type="RuntimeDefault")),
                service_account_name=settings.get("account"),
                volumes=[VolumeArgs(name="settings", config_map=ConfigMapVolumeSourceArgs(name=settings_map.metadata.name))],
                containers=[ContainerArgs(
                    name="web", image="sandbox.invalid/web:1.0",
                    volume_mounts=[VolumeMountArgs(name="settings", mount_path="/settings")],
                    security_context=SecurityContextArgs(
                        allow_privilege_escalation=False, capabilities=CapabilitiesArgs(drop=["ALL"]),
                        privileged=settings.get_bool("privileged"),
                    ),
                )],
            ),
        ),
    ),
    opts=here,
)
thing = ObjectMetaArgs(name="thing", namespace=shop)
CustomResource("unknown", api_version="example.com/v1", kind="Thing", metadata=thing, spec={"a": 1}, opts=here)
Release("chart", name="chart", chart="web", version="1.2.3", namespace=shop, values={"replicas": 2}, opts=here)
pulumi.export("uid", web.metadata.uid)
pulumi.export("name", settings_map.metadata.name)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    with project(tmp_path) as made:
        made.write(PROGRAM)
        yield made


def objects(made: Project, *kinds: str) -> list[str]:
    cluster = made.boto("eks", "hub").describe_cluster(name="demo")["cluster"]
    cloud = EmulatedCloud(made.endpoint, None)  # type: ignore[arg-type]
    found = cloud.ask("POST", "/sandbox-api/kubernetes/list", {"server": cluster["endpoint"], "kinds": kinds})["objects"]
    return sorted(item["metadata"]["name"] for item in found)


def test_a_program_with_a_cluster_lives_its_whole_life(shop: Project) -> None:
    shop.succeed("up", "--stack", "hub")
    assert objects(shop, "Deployment", "Secret", "NetworkPolicy", "Thing") == ["deny", "key", "thing", "web"]
    status = shop.status["stacks"]["hub"]
    assert (status["objects"], status["recorded"], status["standin_images"]) == (7, 2, 1)
    assert status["kubeconfig"] is None
    assert "hush-hush" not in (shop.folder / ".sandbox/state/.pulumi/stacks/demo/hub.json").read_text()

    assert "no change" in shop.succeed("up", "--stack", "hub")
    assert "no drift" in shop.succeed("refresh", "--stack", "hub")

    shop.write(PROGRAM, groups=3)
    assert "kubernetes:apps/v1:Deployment" in shop.succeed("preview", "--stack", "hub")
    shop.succeed("up", "--stack", "hub")
    shop.write(PROGRAM, groups=3, words="green")
    # A changed ConfigMap without a name of its own is another one, and the Deployment follows before the old one goes.
    before = objects(shop, "ConfigMap")
    shop.succeed("up", "--stack", "hub")
    assert objects(shop, "ConfigMap") != before
    assert len(objects(shop, "ConfigMap")) == 1
    assert "Down" in shop.succeed("down")


def test_a_pod_that_its_namespace_would_never_start_stops_the_run(shop: Project) -> None:
    shop.write(PROGRAM, privileged="true")
    done = shop.run("up", "--stack", "hub")
    assert done.returncode == 1
    assert "restricted" in done.stdout
    assert "privileged" in done.stdout
    assert objects(shop, "Deployment") == []


def test_objects_that_point_at_nothing_fail_the_run_when_all_is_there(shop: Project) -> None:
    without_chart = "\n".join(line for line in PROGRAM.splitlines() if not line.startswith("Release("))
    shop.write(without_chart, account="nobody")
    done = shop.run("up", "--stack", "hub")
    assert done.returncode == 1
    assert "Deployment shop/web: spec.template.spec.serviceAccountName: there is no ServiceAccount nobody in namespace shop" in done.stdout


def test_a_run_that_is_killed_is_taken_up_and_leaves_nothing_behind(shop: Project) -> None:
    process = shop.start("up", "--stack", "hub")
    plugin = wait_for(lambda: shop.processes("provider-kubernetes"), 120)
    engine = shop.processes("engine")
    for found in (*engine, *plugin, psutil.Process(process.pid)):
        found.send_signal(signal.SIGKILL)
    process.wait(30)
    shop.succeed("up", "--stack", "hub")
    assert "no change" in shop.succeed("up", "--stack", "hub")
    assert len(objects(shop, "ConfigMap")) == 1


def test_the_objects_of_a_stack_are_written_as_manifests(shop: Project) -> None:
    shop.succeed("up", "--stack", "hub")
    main(stack="hub", project=shop.folder)
    folder = shop.folder / "build/manifests/hub"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml"))
    assert "shop/deployment-web.yaml" in names
    assert "_cluster/namespace-space.yaml" not in names
    assert "_cluster/namespace-shop.yaml" in names
    assert not [path for path in folder.rglob("*.yaml") if "hush-hush" in path.read_text()]
