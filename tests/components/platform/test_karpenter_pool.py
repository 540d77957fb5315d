from typing import Any

import pytest

from components.platform.karpenter_pool import KarpenterPool, KarpenterPoolArgs
from tests.kit.contexts import a_context
from tests.kit.kubernetes import objects
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems

GIVEN: dict[str, Any] = {
    "pool": "standard",
    "cluster_name": "x",
    "instance_types": ("t3.large", "m5.large"),
    "spot": True,
    "cpus": 20,
    "profile_name": "nodes",
    "security_group_id": "sg-nodes",
    "volume_key_arn": "arn:aws:kms:us-east-1:123456789012:key/operational",
}


def _made(**more: Any) -> Graph:
    return record(lambda: KarpenterPool("karpenter-standard", a_context(), KarpenterPoolArgs(**(GIVEN | more))))


def _class(**more: Any) -> dict[str, Any]:
    spec: dict[str, Any] = _made(**more).one("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs["spec"]
    return spec


def _pool(**more: Any) -> dict[str, Any]:
    spec: dict[str, Any] = _made(**more).one("kubernetes:karpenter.sh/v1:NodePool").inputs["spec"]
    return spec


def test_nodes_keep_their_metadata_from_pods_and_their_volumes_encrypted() -> None:
    spec = _class()
    assert spec["metadataOptions"] == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
    (volume,) = spec["blockDeviceMappings"]
    assert volume["ebs"]["encrypted"] is True and volume["ebs"]["kmsKeyID"].endswith("key/operational")
    assert spec["associatePublicIPAddress"] is False


def test_nodes_stand_in_private_subnets_of_their_own_stack_behind_the_nodes_firewall() -> None:
    spec = _class()
    assert spec["subnetSelectorTerms"] == [
        {"tags": {"kubernetes.io/role/internal-elb": "1", "environment": "production", "region": "us-east-1"}}
    ]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-nodes"}]
    assert spec["tags"]["owner"] == "platform"


@pytest.mark.parametrize(("spot", "capacity"), [(True, ["spot", "on-demand"]), (False, ["on-demand"])])
def test_spot_is_used_where_the_plan_has_a_share_of_it(spot: bool, capacity: list[str]) -> None:
    wanted = {each["key"]: each["values"] for each in _pool(spot=spot)["template"]["spec"]["requirements"]}
    assert wanted["karpenter.sh/capacity-type"] == capacity
    assert wanted["node.kubernetes.io/instance-type"] == ["t3.large", "m5.large"]


def test_there_are_never_more_than_the_plan_allows_and_few_go_at_a_time() -> None:
    spec = _pool()
    assert spec["limits"] == {"cpu": "20"}
    assert spec["disruption"]["budgets"] == [{"nodes": "10%"}]


def test_a_dedicated_pool_keeps_out_pods_that_do_not_ask_for_it() -> None:
    assert _pool(dedicated=True)["template"]["spec"]["taints"] == [{"key": "node-pool", "value": "standard", "effect": "NoSchedule"}]
    assert "taints" not in _pool()["template"]["spec"]
    assert _pool()["template"]["metadata"]["labels"] == {"node-pool": "standard"}


def test_karpenter_takes_what_it_is_given() -> None:
    assert not [problem for item in objects(_made(dedicated=True)) for problem in custom_problems(item)]


@pytest.mark.parametrize("wrong", [{"instance_types": ()}, {"cpus": 0}])
def test_a_pool_without_types_or_room_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="pool standard needs instance types and at least one vCPU"):
        KarpenterPoolArgs(**(GIVEN | wrong))
