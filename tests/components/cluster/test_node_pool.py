from typing import Any

import pytest

from components.cluster.capacity import PoolSize
from components.cluster.node_pool import PoolArgs
from tests.components.cluster.made import VOLUME_KEY, a_pool
from tests.kit.recorder import Graph

STANDARD = PoolArgs(name="standard", instance_type="t3.large", size=PoolSize(minimum=2, desired=2, maximum=10))


def _pool(pool: PoolArgs = STANDARD) -> Graph:
    return a_pool(pool)


def _template(graph: Graph) -> dict[str, Any]:
    return graph.one("aws:ec2/launchTemplate:LaunchTemplate").inputs


def _groups(graph: Graph) -> dict[str, dict[str, Any]]:
    return {group.inputs["capacityType"]: group.inputs for group in graph.of_type("aws:eks/nodeGroup:NodeGroup")}


def test_nodes_cannot_have_imds_v1_nor_answer_pods_about_themselves() -> None:
    assert _template(_pool())["metadataOptions"] == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}


def test_volumes_are_gp3_and_encrypted_with_the_estates_key() -> None:
    (mapping,) = _template(_pool())["blockDeviceMappings"]
    assert mapping["deviceName"] == "/dev/xvda"
    assert mapping["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 80,
        "encrypted": "true",
        "kmsKeyId": VOLUME_KEY,
        "deleteOnTermination": "true",
    }


def test_nodes_have_no_public_address_and_the_firewall_of_nodes() -> None:
    (interface,) = _template(_pool())["networkInterfaces"]
    assert interface["associatePublicIpAddress"] == "false"
    assert interface["securityGroups"] == ["nodes-group"]
    assert "subnetId" not in interface, "EKS refuses a launch template that names a subnet"
    assert "vpcSecurityGroupIds" not in _template(_pool())


def test_the_launch_template_leaves_to_the_node_group_what_eks_wants_there() -> None:
    assert not {"imageId", "instanceType", "iamInstanceProfile", "userData", "keyName"} & set(_template(_pool()))


def test_instances_volumes_and_interfaces_are_tagged() -> None:
    kinds = {each["resourceType"]: each["tags"]["owner"] for each in _template(_pool())["tagSpecifications"]}
    assert kinds == {"instance": "platform", "volume": "platform", "network-interface": "platform"}


def test_a_pool_is_shared_between_on_demand_and_spot() -> None:
    groups = _groups(_pool())
    assert groups["ON_DEMAND"]["scalingConfig"] == {"minSize": 1, "desiredSize": 1, "maxSize": 7}
    assert groups["SPOT"]["scalingConfig"] == {"minSize": 1, "desiredSize": 1, "maxSize": 3}


def test_spot_chooses_among_equals_and_on_demand_is_the_type_itself() -> None:
    groups = _groups(_pool())
    assert groups["ON_DEMAND"]["instanceTypes"] == ["t3.large"]
    assert groups["SPOT"]["instanceTypes"][0] == "t3.large"
    assert len(groups["SPOT"]["instanceTypes"]) > 3


def test_a_pool_of_one_node_has_no_spot_group() -> None:
    one = PoolArgs(name="intensive", instance_type="c5.xlarge", size=PoolSize(minimum=1, desired=1, maximum=1))
    assert list(_groups(_pool(one))) == ["ON_DEMAND"]


def test_both_groups_use_the_latest_launch_template_in_the_private_subnets() -> None:
    for group in _groups(_pool()).values():
        assert group["launchTemplate"] == {"id": "cluster-standard-template-id", "version": "7"}
        assert group["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]
        assert group["updateConfig"] == {"maxUnavailable": 1}
        assert group["nodeRepairConfig"] == {"enabled": True}


def test_pods_can_choose_pool_and_capacity_by_label() -> None:
    groups = _groups(_pool())
    assert groups["ON_DEMAND"]["labels"] == {"node-pool": "standard", "capacity": "on-demand"}
    assert groups["SPOT"]["labels"] == {"node-pool": "standard", "capacity": "spot"}
    assert groups["SPOT"]["taints"] == []


def test_a_dedicated_pool_keeps_other_pods_out() -> None:
    pool = PoolArgs(name="intensive", instance_type="c5.xlarge", size=PoolSize(minimum=1, desired=1, maximum=4), dedicated=True)
    for group in _groups(_pool(pool)).values():
        assert group["taints"] == [{"key": "node-pool", "value": "intensive", "effect": "NO_SCHEDULE"}]


def test_what_the_autoscaler_decided_is_left_alone() -> None:
    for group in _pool().of_type("aws:eks/nodeGroup:NodeGroup"):
        assert group.ignore_changes == ("scalingConfig.desiredSize",)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "Standard"}, r"name of a pool must be lower-case words joined by hyphens \(got 'Standard'\)"),
        ({"volume_gib": 10}, r"volume_gib of pool standard must be 20 to 16384 \(got 10\)"),
        ({"spot_percent": 130}, r"spot_percent must be 0 to 100 \(got 130\)"),
        ({"instance_type": "p5.48xlarge"}, "no equals of 'p5.48xlarge' are known .*give spot_instance_types"),
    ],
)
def test_a_pool_that_cannot_work_is_refused(more: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "name": "standard",
        "instance_type": "t3.large",
        "size": PoolSize(minimum=2, desired=2, maximum=10),
    }
    with pytest.raises(ValueError, match=message):
        PoolArgs(**(given | more))


def test_a_type_without_known_equals_works_on_demand_or_with_types_named() -> None:
    size = PoolSize(minimum=2, desired=2, maximum=10)
    PoolArgs(name="gpu", instance_type="p5.48xlarge", size=size, spot_percent=0)
    named = PoolArgs(name="gpu", instance_type="p5.48xlarge", size=size, spot_instance_types=("p5.48xlarge", "p5e.48xlarge"))
    assert named.spot_choice() == ("p5.48xlarge", "p5e.48xlarge")
