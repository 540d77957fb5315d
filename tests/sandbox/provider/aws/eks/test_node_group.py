"""Node groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.eks.ground import make_cluster, subnets

GROUP = "aws:eks/nodeGroup:NodeGroup"
ROLE = "arn:aws:iam::123456789012:role/nodes"


@pytest.fixture
def cluster(workbench: Workbench) -> Life:
    return make_cluster(workbench)


def declared(cluster: Life, **more: Any) -> dict[str, Any]:
    inputs = {
        "clusterName": cluster.id,
        "nodeGroupName": "standard",
        "nodeRoleArn": ROLE,
        "subnetIds": subnets(cluster),
        "scalingConfig": {"minSize": 2, "desiredSize": 3, "maxSize": 10},
    }
    return inputs | more


def described(life: Life) -> dict[str, Any]:
    cluster, _, name = life.id.partition(":")
    group: dict[str, Any] = life.boto("eks").describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
    return group


def template(life: Life, **data: Any) -> str:
    made = life.boto("ec2").create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData=data or {"InstanceType": "m7i.large"})
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def test_a_node_group_lives_as_declared(workbench: Workbench, cluster: Life) -> None:
    taint = {"key": "node-pool", "value": "intensive", "effect": "NO_SCHEDULE"}
    life = workbench.life(GROUP)
    life.create(
        **declared(
            cluster,
            amiType="AL2023_x86_64_STANDARD",
            capacityType="SPOT",
            instanceTypes=["m7i.xlarge", "m6i.xlarge"],
            version="1.34",
            updateConfig={"maxUnavailablePercentage": 25},
            nodeRepairConfig={"enabled": True},
            labels={"capacity": "spot"},
            taints=[taint],
            tags={"owner": "platform"},
        )
    )
    live = described(life)
    assert (live["capacityType"], live["instanceTypes"]) == ("SPOT", ["m7i.xlarge", "m6i.xlarge"])
    assert live["scalingConfig"] == {"minSize": 2, "desiredSize": 3, "maxSize": 10}
    assert live["updateConfig"] == {"maxUnavailablePercentage": 25}
    assert live["nodeRepairConfig"] == {"enabled": True}
    assert (live["labels"], live["taints"]) == ({"capacity": "spot"}, [taint])
    assert live["tags"] == {"owner": "platform"}
    assert life.outputs["arn"] == live["nodegroupArn"]
    assert life.outputs["resources"][0]["autoscalingGroups"][0]["name"].startswith("eks-standard-")
    assert life.refresh() == []

    life.update(
        **declared(
            cluster,
            amiType="AL2023_x86_64_STANDARD",
            capacityType="SPOT",
            instanceTypes=["m7i.xlarge", "m6i.xlarge"],
            version="1.34",
            scalingConfig={"minSize": 3, "desiredSize": 3, "maxSize": 20},
            labels={"pool": "intensive"},
            taints=[{"key": "node-pool", "value": "other", "effect": "NO_EXECUTE"}],
            tags={"environment": "production"},
        )
    )
    live = described(life)
    assert live["scalingConfig"]["maxSize"] == 20
    assert (live["updateConfig"], live["nodeRepairConfig"]) == ({"maxUnavailable": 1}, {"enabled": False})
    assert live["labels"] == {"pool": "intensive"}
    assert live["taints"] == [{"key": "node-pool", "value": "other", "effect": "NO_EXECUTE"}]
    assert live["tags"] == {"environment": "production"}
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_what_a_node_group_leaves_out_eks_concludes(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, instanceTypes=["m7g.large"]))
    live = described(life)
    assert live["version"] == "1.34"
    assert live["releaseVersion"].startswith("1.34.")
    assert (live["amiType"], live["diskSize"], live["capacityType"]) == ("AL2023_ARM_64_STANDARD", 20, "ON_DEMAND")
    assert "remoteAccess" not in live
    assert life.refresh() == []


def test_a_launch_template_moves_on_in_place(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    number = template(cluster)
    life.create(**declared(cluster, launchTemplate={"id": number, "version": "1"}, amiType="AL2023_x86_64_STANDARD"))
    assert life.refresh() == []
    assert "diskSize" not in described(life)
    cluster.boto("ec2").create_launch_template_version(LaunchTemplateId=number, LaunchTemplateData={"InstanceType": "m7i.xlarge"})
    life.update(**declared(cluster, launchTemplate={"id": number, "version": "2"}, amiType="AL2023_x86_64_STANDARD"))
    assert described(life)["launchTemplate"]["version"] == "2"
    assert life.refresh() == []
    other = {"id": "lt-00000000000000000", "version": "1"}
    assert life.replaced_by(**declared(cluster, launchTemplate=other, amiType="AL2023_x86_64_STANDARD")) == {"launchTemplate.id"}


def test_an_image_in_the_launch_template_makes_a_custom_group(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, launchTemplate={"id": template(cluster, ImageId="ami-12c6146b"), "version": "1"}))
    assert life.outputs["amiType"] == "CUSTOM"


def test_nodes_follow_the_clusters_version_and_never_lead(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, version="1.34"))
    with pytest.raises(Exception, match="greater than the cluster's"):
        life.update(**declared(cluster, version="1.35"))
    cluster.update(**cluster.inputs | {"version": "1.35"})
    life.update(**declared(cluster, version="1.35"))
    assert described(life)["releaseVersion"].startswith("1.35.")
    assert life.outputs["version"] == "1.35"


def test_what_replaces_a_node_group(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, instanceTypes=["m7i.large"]))
    changed = declared(cluster, instanceTypes=["m7i.xlarge"], capacityType="SPOT", nodeGroupName="other", diskSize=50)
    assert {path.split("[")[0] for path in life.replaced_by(**changed)} == {"instanceTypes", "capacityType", "nodeGroupName", "diskSize"}


def test_drift_of_a_node_group_shows_on_refresh(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, labels={"a": "1"}))
    life.boto("eks").update_nodegroup_config(
        clusterName=cluster.id, nodegroupName="standard", labels={"addOrUpdateLabels": {"a": "2"}}, scalingConfig={"maxSize": 11}
    )
    assert {change.path for change in life.refresh()} == {"labels.a", "scalingConfig.maxSize"}


def test_a_node_group_can_be_imported(workbench: Workbench, cluster: Life) -> None:
    life = workbench.life(GROUP)
    life.create(**declared(cluster, labels={"a": "1"}, tags={"owner": "platform"}))
    inputs, _ = life.imported()
    for key in ("clusterName", "nodeGroupName", "nodeRoleArn", "scalingConfig"):
        assert inputs[key] == declared(cluster)[key]
    assert (inputs["labels"], inputs["tags"]) == ({"a": "1"}, {"owner": "platform"})


def test_a_cluster_with_nodes_is_kept(workbench: Workbench, cluster: Life) -> None:
    workbench.life(GROUP).create(**declared(cluster))
    with pytest.raises(Exception, match="nodegroups attached"):
        cluster.delete()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 4}}, "must not fall"),
        ({"launchTemplate": {"version": "1"}}, "either id or name"),
        ({"launchTemplate": {"id": "lt-1", "version": "1"}, "diskSize": 20}, "block device mappings"),
        ({"amiType": "AL2024"}, "AL2023_ARM_64_STANDARD"),
        ({"capacityType": "CHEAP"}, "SPOT"),
        ({"taints": [{"key": "a", "effect": "NoSchedule"}]}, "NO_SCHEDULE"),
        ({"updateConfig": {"maxUnavailable": 0}}, "maxUnavailable"),
    ],
)
def test_a_node_group_that_eks_would_refuse_is_refused(workbench: Workbench, more: dict[str, Any], reason: str) -> None:
    valid = {"clusterName": "estate", "nodeRoleArn": ROLE, "subnetIds": ["subnet-00000000000000001"]}
    valid |= {"scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 1}}  # type: ignore[dict-item]
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(GROUP).check(**valid | more)
