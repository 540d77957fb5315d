import json

import pytest

from components._base import allow, document
from components.cluster.pod_identity import PodIdentity, PodIdentityArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

CLUSTER_ARN = "arn:aws:eks:us-east-1:123456789012:cluster/x"


def _identity() -> Graph:
    args = PodIdentityArgs(
        cluster_name="x",
        cluster_arn=CLUSTER_ARN,
        namespace="kube-system",
        service_account="driver",
        managed_policies=("service-role/AmazonEFSCSIDriverPolicy",),
        policy=document(allow("kms:Decrypt", on=["*"])),
    )
    return record(lambda: PodIdentity("driver", a_context(), args))


def test_only_the_pods_of_one_service_account_of_one_cluster_take_on_the_role() -> None:
    (trust,) = json.loads(_identity().one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"] == {
        "StringEquals": {
            "aws:RequestTag/eks-cluster-arn": CLUSTER_ARN,
            "aws:RequestTag/kubernetes-namespace": "kube-system",
            "aws:RequestTag/kubernetes-service-account": "driver",
        }
    }


def test_the_role_is_bound_to_the_service_account_and_has_the_policies_given() -> None:
    graph = _identity()
    association = graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("kube-system", "driver")
    attachment = graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs
    assert attachment["policyArn"] == "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"
    assert json.loads(graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"][0]["Action"] == "kms:Decrypt"


def test_an_identity_that_could_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="give managed_policies or policy: driver could do nothing"):
        PodIdentityArgs(cluster_name="x", cluster_arn=CLUSTER_ARN, namespace="default", service_account="driver")
