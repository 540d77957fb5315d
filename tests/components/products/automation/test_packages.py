import pytest

from components.products.automation.packages import Packages, PackagesArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ARGS = PackagesArgs(namespace="automation", namespace_name="automation", file_system_id="fs-1")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: Packages("packages", a_context(), ARGS))


def test_the_folder_belongs_to_n8ns_user_and_nobody_sees_above_it(graph: Graph) -> None:
    folder = graph.one("aws:efs/accessPoint:AccessPoint").inputs
    assert folder["posixUser"] == {"uid": 1000, "gid": 1000}
    assert folder["rootDirectory"]["path"] == "/n8n-packages"
    assert folder["rootDirectory"]["creationInfo"] == {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}


def test_the_volume_is_the_folder_over_tls_shared_and_kept(graph: Graph) -> None:
    spec = graph.named("packages-volume").inputs["spec"]
    assert spec["csi"]["driver"] == "efs.csi.aws.com"
    assert spec["csi"]["volumeHandle"] == "fs-1::packages-folder-id"
    assert spec["mountOptions"] == ["tls"]
    assert (spec["accessModes"], spec["persistentVolumeReclaimPolicy"]) == (["ReadWriteMany"], "Retain")


def test_claim_and_volume_are_meant_for_each_other_alone(graph: Graph) -> None:
    volume, claim = graph.named("packages-volume").inputs, graph.named("packages-claim").inputs
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert (volume["spec"]["claimRef"]["namespace"], volume["spec"]["claimRef"]["name"]) == ("automation", claim["metadata"]["name"])
    # No class: else one would be made instead.
    assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"] == ""
