"""Add-ons against the emulated cloud."""

import json

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.eks.ground import make_cluster

ADD_ON = "aws:eks/addon:Addon"
ROLE = "arn:aws:iam::123456789012:role/volumes"
POLICY = json.dumps({"enableNetworkPolicy": "true"})


@pytest.fixture
def cluster(workbench: Workbench) -> Life:
    return make_cluster(workbench)


def test_an_add_on_lives_as_declared(workbench: Workbench, cluster: Life) -> None:
    life = workbench.made(
        ADD_ON,
        clusterName=cluster.id,
        addonName="vpc-cni",
        addonVersion="v1.20.1-eksbuild.1",
        configurationValues=POLICY,
        resolveConflictsOnCreate="OVERWRITE",
        resolveConflictsOnUpdate="PRESERVE",
        podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": ROLE}],
        tags={"owner": "platform"},
    )
    eks = life.boto("eks")
    live = eks.describe_addon(clusterName=cluster.id, addonName="vpc-cni")["addon"]
    assert (live["addonVersion"], live["configurationValues"], live["status"]) == ("v1.20.1-eksbuild.1", POLICY, "ACTIVE")
    assert live["tags"] == {"owner": "platform"}
    [association] = eks.list_pod_identity_associations(clusterName=cluster.id)["associations"]
    assert (association["serviceAccount"], association["ownerArn"]) == ("aws-node", live["addonArn"])
    assert eks.list_addons(clusterName=cluster.id)["addons"] == ["vpc-cni"]
    assert life.refresh() == []

    life.update(
        clusterName=cluster.id,
        addonName="vpc-cni",
        addonVersion="v1.20.4-eksbuild.2",
        podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": f"{ROLE}-2"}],
        tags={"environment": "production"},
    )
    live = eks.describe_addon(clusterName=cluster.id, addonName="vpc-cni")["addon"]
    assert live["addonVersion"] == "v1.20.4-eksbuild.2"
    assert live["tags"] == {"environment": "production"}
    assert life.refresh() == []
    assert life.replaced_by(clusterName=cluster.id, addonName="coredns") == {"addonName"}
    assert life.imported()[0]["addonVersion"] == "v1.20.4-eksbuild.2"

    eks.update_addon(clusterName=cluster.id, addonName="vpc-cni", addonVersion="v1.19.0-eksbuild.1")
    assert [change.path for change in life.refresh()] == ["addonVersion"]
    life.delete()
    assert life.gone()
    assert eks.list_pod_identity_associations(clusterName=cluster.id)["associations"] == []


def test_an_add_on_without_a_version_keeps_the_one_it_got(workbench: Workbench, cluster: Life) -> None:
    life = workbench.made(ADD_ON, clusterName=cluster.id, addonName="coredns")
    got = life.outputs["addonVersion"]
    life.update(clusterName=cluster.id, addonName="coredns", configurationValues="{}")
    assert life.outputs["addonVersion"] == got
    assert life.refresh() == []


def test_an_add_on_installed_twice_fails(workbench: Workbench, cluster: Life) -> None:
    workbench.made(ADD_ON, clusterName=cluster.id, addonName="coredns")
    with pytest.raises(Exception, match="already exists: coredns"):
        workbench.made(ADD_ON, logical="again", clusterName=cluster.id, addonName="coredns")


@pytest.mark.parametrize("choice", ["resolveConflictsOnCreate", "resolveConflictsOnUpdate"])
def test_an_unknown_answer_to_conflicts_is_refused(workbench: Workbench, choice: str) -> None:
    with pytest.raises(InvalidInputs, match="OVERWRITE"):
        workbench.life(ADD_ON).check(clusterName="estate", addonName="coredns", **{choice: "IGNORE"})


def test_preserve_is_for_updates_only(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="which is for updates"):
        workbench.life(ADD_ON).check(clusterName="estate", addonName="coredns", resolveConflictsOnCreate="PRESERVE")
