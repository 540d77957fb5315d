import json
from typing import Any

import botocore.session
import pytest

from components.cluster.control_plane import ControlPlane, ControlPlaneArgs
from tests.components.cluster.made import computed
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/{}"
GIVEN: dict[str, Any] = {
    "cluster_name": "morefocus-prod-use1-cluster",
    "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
    "vpc_cidr": "10.0.0.0/16",
    "secrets_key_arn": KEY.format("credentials"),
    "log_key_arn": KEY.format("logs"),
}


def _plane(**more: Any) -> Graph:
    args = ControlPlaneArgs(**(GIVEN | more))
    return record(lambda: ControlPlane("cluster-control-plane", a_context(), args), computed=computed)


def _cluster(**more: Any) -> dict[str, Any]:
    return _plane(**more).one("aws:eks/cluster:Cluster").inputs


def test_the_kubernetes_api_is_private() -> None:
    network = _cluster()["vpcConfig"]
    assert (network["endpointPrivateAccess"], network["endpointPublicAccess"]) == (True, False)
    assert "publicAccessCidrs" not in network


def test_the_kubernetes_api_is_public_to_the_networks_named_and_stays_private_too() -> None:
    network = _cluster(public_access_cidrs=("203.0.113.0/24",))["vpcConfig"]
    assert (network["endpointPrivateAccess"], network["endpointPublicAccess"]) == (True, True)
    assert network["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_secrets_are_encrypted_with_the_key_of_credentials() -> None:
    assert _cluster()["encryptionConfig"] == {"provider": {"keyArn": KEY.format("credentials")}, "resources": ["secrets"]}


def test_only_access_entries_let_in_and_the_creator_has_none() -> None:
    assert _cluster()["accessConfig"] == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}


def test_the_version_leaves_with_standard_support() -> None:
    inputs = _cluster()
    assert (inputs["version"], inputs["upgradePolicy"]) == ("1.35", {"supportType": "STANDARD"})


def test_every_log_there_is_goes_to_a_group_that_is_encrypted_kept_and_there_first() -> None:
    graph = _plane()
    cluster, group = graph.one("aws:eks/cluster:Cluster"), graph.one("aws:cloudwatch/logGroup:LogGroup")
    model = botocore.session.get_session().get_service_model("eks")
    assert cluster.inputs["enabledClusterLogTypes"] == model.shape_for("LogType").enum
    assert group.inputs["name"] == "/aws/eks/morefocus-prod-use1-cluster/cluster"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (KEY.format("logs"), 365)
    assert group.urn in cluster.depends_on


def test_the_role_has_its_policy_before_and_after_the_cluster() -> None:
    graph = _plane()
    policy = graph.named("cluster-control-plane-role-policy")
    assert policy.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    more = graph.named("cluster-control-plane-role-interfaces").inputs["policyArn"]
    assert more == "arn:aws:iam::aws:policy/AmazonEKSVPCResourceController"
    assert policy.urn in graph.one("aws:eks/cluster:Cluster").depends_on
    (trust,) = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "eks.amazonaws.com"}
    cluster = graph.one("aws:eks/cluster:Cluster").inputs["name"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": f"arn:aws:eks:us-east-1:123456789012:cluster/{cluster}"},
    }


def test_a_cluster_cannot_be_deleted_by_mistake_and_brings_no_addons_of_its_own() -> None:
    inputs = _cluster()
    assert inputs["deletionProtection"] is True
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert _cluster(deletion_protection=False)["deletionProtection"] is False


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"version": "1.35.1"}, r"version must be a minor version of Kubernetes such as '1.35' \(got '1.35.1'\)"),
        ({"version": "latest"}, r"version must be a minor version of Kubernetes .*\(got 'latest'\)"),
        ({"public_access_cidrs": ("0.0.0.0/0",)}, "public_access_cidrs must not be 0.0.0.0/0"),
        ({"public_access_cidrs": ("office",)}, r"public_access_cidrs must be an IPv4 network .*\(got 'office'"),
        ({"service_cidr": "10.0.0.0/20"}, "service_cidr 10.0.0.0/20 overlaps the VPC's 10.0.0.0/16"),
        ({"service_cidr": "172.20.0.0/25"}, r"service_cidr must be private addresses, /12 to /24 \(got 172.20.0.0/25\)"),
        ({"service_cidr": "8.8.0.0/16"}, "service_cidr must be private addresses"),
        ({"log_retention_days": 2}, r"log_retention_days must be one of .*\(got 2\)"),
    ],
)
def test_args_that_cannot_work_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ControlPlaneArgs(**(GIVEN | more))
