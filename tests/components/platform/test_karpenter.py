from functools import cache
from typing import Any

import pulumi

from components.platform.karpenter import Karpenter, KarpenterArgs, karpenter_policy
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

EC2 = "arn:aws:ec2:us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/nodes"
KEY = "arn:aws:kms:us-east-1:123456789012:key/operational"
OWNED = {"aws:ResourceTag/kubernetes.io/cluster/x": "owned", "aws:ResourceTag/karpenter.sh/nodepool": "standard"}
ASKED = {
    "aws:RequestTag/kubernetes.io/cluster/x": "owned",
    "aws:RequestTag/eks:eks-cluster-name": "x",
    "aws:RequestTag/karpenter.sh/nodepool": "standard",
}


def _values() -> dict[str, Any]:
    args = KarpenterArgs(
        chart=a_chart(), image=an_image(), namespace="node-scaling", cluster_name="x", queue_name="interruptions", priority_class="platform"
    )
    return values_of(record(lambda: Karpenter("karpenter", a_context(), args)))


def test_the_charts_own_digest_does_not_stay_beside_another_tag() -> None:
    image = _values()["controller"]["image"]
    assert image == {"repository": "registry.example.org/team/tool", "tag": "1.2.3", "digest": DIGEST}


def test_it_hears_of_nodes_that_are_about_to_go() -> None:
    assert _values()["settings"] == {"clusterName": "x", "interruptionQueue": "interruptions"}


def test_its_pods_may_do_little_and_of_two_one_stays() -> None:
    values = _values()
    assert_restricted(values["podSecurityContext"], values["controller"]["securityContext"])
    assert_sized(values["controller"]["resources"])
    assert (values["replicas"], values["podDisruptionBudget"]["maxUnavailable"]) == (2, 1)


@cache
def _policy() -> str:
    def program() -> None:
        made = karpenter_policy(a_context(), "x", node_role_arn=ROLE, queue_arn=pulumi.Output.from_input("q"), volume_key_arn=KEY)
        pulumi.export("policy", made)

    return str(record(program).stack_outputs["policy"])


def _may(action: str, resource: str, keys: dict[str, str] | None = None) -> bool:
    return allowed(_policy(), Request(action=action, resource=resource, principal="karpenter", context=keys or {}))


def test_it_ends_nodes_of_its_own_cluster_and_no_other_instance() -> None:
    node = f"{EC2}:instance/i-1"
    assert _may("ec2:TerminateInstances", node, OWNED)
    assert not _may("ec2:TerminateInstances", node)
    assert not _may("ec2:TerminateInstances", node, OWNED | {"aws:ResourceTag/kubernetes.io/cluster/x": "shared"})
    assert not _may("ec2:TerminateInstances", node, {"aws:ResourceTag/kubernetes.io/cluster/y": "owned"})


def test_what_it_starts_bears_its_clusters_tags() -> None:
    assert _may("ec2:RunInstances", f"{EC2}:instance/*", ASKED)
    assert not _may("ec2:RunInstances", f"{EC2}:instance/*")
    assert _may("ec2:CreateTags", f"{EC2}:instance/i-1", ASKED | {"ec2:CreateAction": "RunInstances"})
    assert not _may("ec2:CreateTags", f"{EC2}:instance/i-1", ASKED)
    assert _may("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1")


def test_it_passes_the_role_of_nodes_to_ec2_alone() -> None:
    to_ec2, to_lambda = ({"iam:PassedToService": f"{service}.amazonaws.com"} for service in ("ec2", "lambda"))
    assert _may("iam:PassRole", ROLE, to_ec2)
    assert not _may("iam:PassRole", ROLE, to_lambda)
    assert not _may("iam:PassRole", ROLE.replace("nodes", "administrator"), to_ec2)
    for action in ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile", "iam:CreateRole"):
        assert not _may(action, "arn:aws:iam::123456789012:instance-profile/x")


def test_volumes_are_encrypted_through_ec2_alone() -> None:
    assert _may("kms:GenerateDataKeyWithoutPlaintext", KEY, {"kms:ViaService": "ec2.us-east-1.amazonaws.com"})
    assert not _may("kms:Decrypt", KEY)
