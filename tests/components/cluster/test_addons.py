import json

from components.cluster.addon_catalogue import NODE_ADDONS, WORKLOAD_ADDONS
from components.cluster.addons import Addons, AddonsArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/operational"


def _addons(versions: dict[str, str] | None = None) -> Graph:
    args = AddonsArgs(
        addons=(*NODE_ADDONS, *WORKLOAD_ADDONS),
        cluster_name="x",
        cluster_arn="arn:aws:eks:us-east-1:123456789012:cluster/x",
        volume_key_arn=KEY,
        versions=versions or {},
    )
    return record(lambda: Addons("addons", a_context(), args))


def test_what_is_changed_by_hand_is_changed_back() -> None:
    addons = _addons().of_type("aws:eks/addon:Addon")
    assert len(addons) == 8
    for addon in addons:
        assert addon.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert addon.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"


def test_a_version_is_pinned_where_it_is_given_and_else_left_to_eks() -> None:
    graph = _addons({"coredns": "v1.13.2-eksbuild.1"})
    assert graph.named("addons-coredns").inputs["addonVersion"] == "v1.13.2-eksbuild.1"
    assert "addonVersion" not in graph.named("addons-kube-proxy").inputs


def test_addons_that_call_aws_have_an_identity_before_their_pods_start() -> None:
    graph = _addons()
    bound = {each.inputs["serviceAccount"]: each for each in graph.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")}
    assert set(bound) == {"aws-node", "ebs-csi-controller-sa", "efs-csi-controller-sa"}
    assert all(each.inputs["namespace"] == "kube-system" for each in bound.values())
    assert bound["aws-node"].urn in graph.named("addons-vpc-cni").depends_on
    assert bound["ebs-csi-controller-sa"].urn in graph.named("addons-aws-ebs-csi-driver").depends_on
    assert bound["efs-csi-controller-sa"].urn in graph.named("addons-aws-efs-csi-driver").depends_on


def test_volumes_of_pods_can_be_made_with_the_estates_key_through_ec2_alone() -> None:
    (policy,) = _addons().of_type("aws:iam/rolePolicy:RolePolicy")
    use, grant = json.loads(policy.inputs["policy"])["Statement"]
    for statement in (use, grant):
        assert statement["Resource"] == KEY
        assert statement["Condition"]["StringEquals"] == {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}
    assert "kms:GenerateDataKey*" in use["Action"]
    assert grant["Action"] == "kms:CreateGrant"
    assert grant["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
