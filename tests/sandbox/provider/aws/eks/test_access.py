"""Access entries and pod identity against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.eks.ground import make_cluster

ENTRY = "aws:eks/accessEntry:AccessEntry"
POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
OPERATOR = "arn:aws:iam::123456789012:role/estate/operator"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture
def cluster(workbench: Workbench) -> Life:
    return make_cluster(workbench)


def test_an_access_entry_lives_as_declared(workbench: Workbench, cluster: Life) -> None:
    life = workbench.made(
        ENTRY, clusterName=cluster.id, principalArn=OPERATOR, kubernetesGroups=["viewers"], userName="operator", tags={"owner": "platform"}
    )
    eks = life.boto("eks")
    live = eks.describe_access_entry(clusterName=cluster.id, principalArn=OPERATOR)["accessEntry"]
    assert (live["type"], live["username"], live["kubernetesGroups"]) == ("STANDARD", "operator", ["viewers"])
    assert live["tags"] == {"owner": "platform"}
    assert life.outputs["accessEntryArn"] == live["accessEntryArn"]
    assert eks.list_access_entries(clusterName=cluster.id)["accessEntries"] == [OPERATOR]
    assert life.refresh() == []

    life.update(clusterName=cluster.id, principalArn=OPERATOR, kubernetesGroups=["editors", "viewers"], tags={"environment": "production"})
    live = eks.describe_access_entry(clusterName=cluster.id, principalArn=OPERATOR)["accessEntry"]
    assert sorted(live["kubernetesGroups"]) == ["editors", "viewers"]
    assert live["tags"] == {"environment": "production"}
    assert life.replaced_by(clusterName=cluster.id, principalArn=f"{OPERATOR}-2") == {"principalArn"}
    assert life.imported()[0]["principalArn"] == OPERATOR
    eks.update_access_entry(clusterName=cluster.id, principalArn=OPERATOR, kubernetesGroups=["masters"])
    assert {change.path.split("[")[0] for change in life.refresh()} == {"kubernetesGroups"}
    life.delete()
    assert life.gone()


def test_a_role_enters_under_the_name_of_its_session(workbench: Workbench, cluster: Life) -> None:
    life = workbench.made(ENTRY, clusterName=cluster.id, principalArn=OPERATOR)
    assert life.outputs["userName"] == "arn:aws:sts::123456789012:assumed-role/operator/{{SessionName}}"


def test_a_cluster_that_knows_no_entries_takes_none(workbench: Workbench) -> None:
    cluster = make_cluster(workbench, accessConfig={"authenticationMode": "CONFIG_MAP"})
    with pytest.raises(Exception, match="authentication mode must be set"):
        workbench.made(ENTRY, clusterName=cluster.id, principalArn=OPERATOR)


def test_an_entry_of_an_unknown_type_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="EC2_LINUX"):
        workbench.life(ENTRY).check(clusterName="estate", principalArn=OPERATOR, type="ADMIN")


def test_a_policy_association_lives_as_declared(workbench: Workbench, cluster: Life) -> None:
    workbench.made(ENTRY, clusterName=cluster.id, principalArn=OPERATOR)
    life = workbench.made(POLICY, clusterName=cluster.id, principalArn=OPERATOR, policyArn=ADMIN, accessScope={"type": "cluster"})
    eks = life.boto("eks")
    [live] = eks.list_associated_access_policies(clusterName=cluster.id, principalArn=OPERATOR)["associatedAccessPolicies"]
    assert (live["policyArn"], live["accessScope"]["type"]) == (ADMIN, "cluster")
    assert life.refresh() == []
    some = {"type": "namespace", "namespaces": ["team"]}
    narrower = workbench.made(POLICY, clusterName=cluster.id, principalArn=OPERATOR, policyArn=VIEW, accessScope=some)
    assert narrower.imported()[0]["accessScope"] == some
    changed = life.replaced_by(clusterName=cluster.id, principalArn=OPERATOR, policyArn=VIEW, accessScope=some)
    assert {path.split(".")[0] for path in changed} == {"policyArn", "accessScope"}
    life.delete()
    assert life.gone()
    assert not narrower.gone()


def test_a_policy_goes_with_its_entry(workbench: Workbench, cluster: Life) -> None:
    entry = workbench.made(ENTRY, clusterName=cluster.id, principalArn=OPERATOR)
    life = workbench.made(POLICY, clusterName=cluster.id, principalArn=OPERATOR, policyArn=ADMIN, accessScope={"type": "cluster"})
    entry.delete()
    assert life.gone()
    life.delete()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, "cluster-access-policy"),
        ({"accessScope": {"type": "namespace"}}, "must be given for type namespace"),
        ({"accessScope": {"type": "cluster", "namespaces": ["team"]}}, "only for it"),
        ({"accessScope": {"type": "estate"}}, "cluster"),
    ],
)
def test_a_policy_association_that_eks_would_refuse_is_refused(workbench: Workbench, more: dict[str, Any], reason: str) -> None:
    valid = {"clusterName": "estate", "principalArn": OPERATOR, "policyArn": ADMIN, "accessScope": {"type": "cluster"}}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(POLICY).check(**valid | more)


def test_a_pod_identity_lives_as_declared(workbench: Workbench, cluster: Life) -> None:
    of = {"clusterName": cluster.id, "namespace": "kube-system", "serviceAccount": "ebs-csi-controller-sa"}
    life = workbench.made(IDENTITY, **of, roleArn="arn:aws:iam::123456789012:role/volumes", tags={"owner": "platform"})
    eks = life.boto("eks")
    live = eks.describe_pod_identity_association(clusterName=cluster.id, associationId=life.id)["association"]
    assert live["roleArn"] == "arn:aws:iam::123456789012:role/volumes"
    assert live["associationArn"] == f"arn:aws:eks:eu-west-1:123456789012:podidentityassociation/estate/{life.id}"
    assert live["tags"] == {"owner": "platform"}
    assert life.refresh() == []

    life.update(**of, roleArn="arn:aws:iam::123456789012:role/other", disableSessionTags=True, tags={"environment": "production"})
    live = eks.describe_pod_identity_association(clusterName=cluster.id, associationId=life.id)["association"]
    assert (live["roleArn"], live["disableSessionTags"]) == ("arn:aws:iam::123456789012:role/other", True)
    assert live["tags"] == {"environment": "production"}
    assert life.refresh() == []
    assert life.replaced_by(**of | {"namespace": "team"}, roleArn="arn:aws:iam::123456789012:role/other") == {"namespace"}

    eks.update_pod_identity_association(clusterName=cluster.id, associationId=life.id, roleArn="arn:aws:iam::123456789012:role/third")
    assert [change.path for change in life.refresh()] == ["roleArn"]
    life.id = f"{cluster.id},{life.id}"
    assert life.imported()[0]["serviceAccount"] == "ebs-csi-controller-sa"
    life.delete()
    assert life.gone()


def test_a_service_account_takes_on_one_role_at_most(workbench: Workbench, cluster: Life) -> None:
    of = {"clusterName": cluster.id, "namespace": "team", "serviceAccount": "worker", "roleArn": "arn:aws:iam::123456789012:role/a"}
    workbench.made(IDENTITY, **of)
    with pytest.raises(Exception, match="Association already exists"):
        workbench.made(IDENTITY, logical="again", **of)
