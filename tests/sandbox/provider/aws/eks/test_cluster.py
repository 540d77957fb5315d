"""Clusters against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.eks.ground import CLUSTER, KEY, ROLE, make_cluster, subnets


def described(life: Life) -> dict[str, Any]:
    cluster: dict[str, Any] = life.boto("eks").describe_cluster(name=life.id)["cluster"]
    return cluster


def declared(life: Life, **more: Any) -> dict[str, Any]:
    inputs = {
        "name": "estate",
        "roleArn": ROLE,
        "version": "1.34",
        "vpcConfig": {"subnetIds": subnets(life), "endpointPrivateAccess": True, "endpointPublicAccess": False},
        "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "10.100.0.0/16"},
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["secrets"]},
        "enabledClusterLogTypes": ["audit", "api"],
        "upgradePolicy": {"supportType": "STANDARD"},
        "bootstrapSelfManagedAddons": False,
        "deletionProtection": True,
        "tags": {"owner": "platform"},
    }
    return inputs | more


def test_a_cluster_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(CLUSTER)
    promised = life.preview(**declared(life))
    assert promised["arn"] == "arn:aws:eks:eu-west-1:123456789012:cluster/estate"
    assert promised["vpcConfig"]["clusterSecurityGroupId"] is UNKNOWN
    assert promised["endpoint"] is UNKNOWN

    life.create(**declared(life))
    live = described(life)
    assert live["version"] == "1.34"
    assert live["resourcesVpcConfig"]["endpointPublicAccess"] is False
    assert live["resourcesVpcConfig"]["publicAccessCidrs"] == ["0.0.0.0/0"]
    assert live["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "10.100.0.0/16"
    assert live["accessConfig"] == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    assert live["encryptionConfig"] == [{"provider": {"keyArn": KEY}, "resources": ["secrets"]}]
    assert live["upgradePolicy"] == {"supportType": "STANDARD"}
    assert live["deletionProtection"] is True
    assert {tuple(sorted(group["types"])) for group in live["logging"]["clusterLogging"] if group["enabled"]} == {("api", "audit")}
    assert live["tags"] == {"owner": "platform"}
    assert life.outputs["certificateAuthority"]["data"] == live["certificateAuthority"]["data"]
    assert life.outputs["identities"][0]["oidcs"][0]["issuer"] == live["identity"]["oidc"]["issuer"]
    assert life.refresh() == []


def test_a_cluster_changes_in_place(workbench: Workbench) -> None:
    life = workbench.life(CLUSTER)
    life.create(**declared(life, accessConfig={"authenticationMode": "CONFIG_MAP"}, encryptionConfig=None))
    group = life.outputs["vpcConfig"]["clusterSecurityGroupId"]
    life.update(
        **declared(
            life,
            version="1.35",
            accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"},
            vpcConfig={"subnetIds": subnets(life)[:2], "publicAccessCidrs": ["203.0.113.0/24"]},
            enabledClusterLogTypes=["audit"],
            upgradePolicy={"supportType": "EXTENDED"},
            zonalShiftConfig={"enabled": True},
            deletionProtection=False,
            tags={"environment": "production", "cost-centre": "1"},
        )
    )
    live = described(life)
    assert live["version"] == "1.35"
    assert live["accessConfig"]["authenticationMode"] == "API_AND_CONFIG_MAP"
    assert live["encryptionConfig"][0]["provider"]["keyArn"] == KEY
    assert live["resourcesVpcConfig"]["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert (live["resourcesVpcConfig"]["endpointPublicAccess"], live["resourcesVpcConfig"]["endpointPrivateAccess"]) == (True, False)
    assert len(live["resourcesVpcConfig"]["subnetIds"]) == 2
    assert [entry["types"] for entry in live["logging"]["clusterLogging"] if entry["enabled"]] == [["audit"]]
    assert live["zonalShiftConfig"] == {"enabled": True}
    assert live["tags"] == {"environment": "production", "cost-centre": "1"}
    assert life.outputs["vpcConfig"]["clusterSecurityGroupId"] == group
    assert life.refresh() == []
    life.update(
        **declared(life, version="1.35", vpcConfig={"subnetIds": subnets(life)[:2]}, accessConfig={}, deletionProtection=False, tags={})
    )
    assert described(life)["tags"] == {}
    assert described(life)["resourcesVpcConfig"]["publicAccessCidrs"] == ["0.0.0.0/0"]


def test_a_clusters_security_group_is_there_and_goes_with_it(workbench: Workbench) -> None:
    life = make_cluster(workbench)
    ec2, group_id = life.boto("ec2"), life.outputs["vpcConfig"]["clusterSecurityGroupId"]
    assert described(life)["resourcesVpcConfig"]["clusterSecurityGroupId"] == group_id
    [group] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert group["GroupName"].startswith("eks-cluster-sg-estate-")
    assert group["VpcId"] == life.outputs["vpcConfig"]["vpcId"] == described(life)["resourcesVpcConfig"]["vpcId"]
    [rule] = group["IpPermissions"]
    assert (rule["IpProtocol"], rule["UserIdGroupPairs"][0]["GroupId"]) == ("-1", group_id)
    assert {tag["Key"]: tag["Value"] for tag in group["Tags"]}["kubernetes.io/cluster/estate"] == "owned"
    life.delete()
    assert life.gone()
    assert not ec2.describe_security_groups(Filters=[{"Name": "group-id", "Values": [group_id]}])["SecurityGroups"]


def test_two_clusters_have_issuers_and_endpoints_of_their_own(workbench: Workbench) -> None:
    first, second = make_cluster(workbench, "first"), make_cluster(workbench, "second")
    assert first.outputs["identities"] != second.outputs["identities"]
    assert first.outputs["endpoint"] != second.outputs["endpoint"]
    assert first.outputs["identities"][0]["oidcs"][0]["issuer"].startswith("https://oidc.eks.eu-west-1.amazonaws.com/id/")


def test_an_update_keeps_what_is_known_of_the_cluster(workbench: Workbench) -> None:
    life = make_cluster(workbench)
    checked = life.check(name="estate", roleArn=ROLE, version="1.35", vpcConfig={"subnetIds": subnets(life)})
    previewed = life.resources.preview_update(life.urn, CLUSTER, life.outputs, checked)
    assert previewed["vpcConfig"]["clusterSecurityGroupId"] == life.outputs["vpcConfig"]["clusterSecurityGroupId"]
    assert previewed["endpoint"] == life.outputs["endpoint"]


def test_what_replaces_a_cluster(workbench: Workbench) -> None:
    life = workbench.life(CLUSTER)
    life.create(**declared(life))
    other = KEY.replace("1234-1234", "4321-4321")
    assert life.replaced_by(**declared(life, name="other")) == {"name"}
    assert life.replaced_by(**declared(life, roleArn=f"{ROLE}-2")) == {"roleArn"}
    assert life.replaced_by(**declared(life, encryptionConfig={"provider": {"keyArn": other}, "resources": ["secrets"]})) == {
        "encryptionConfig.provider.keyArn"
    }
    assert life.replaced_by(**declared(life, encryptionConfig=None)) == {"encryptionConfig"}
    assert life.replaced_by(**declared(life, kubernetesNetworkConfig={"serviceIpv4Cidr": "10.200.0.0/16"}))
    assert not life.replaced_by(**declared(life, version="1.35", deletionProtection=False))


def test_what_eks_assumes_is_no_difference(workbench: Workbench) -> None:
    life = make_cluster(workbench)
    same = {"name": "estate", "roleArn": ROLE, "version": "1.34"}
    vpc = {"subnetIds": subnets(life)[::-1], "endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}
    assert life.diff(**same, vpcConfig=vpc, accessConfig=access) == []


def test_drift_of_a_cluster_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.life(CLUSTER)
    life.create(**declared(life))
    eks = life.boto("eks")
    eks.update_cluster_config(name="estate", resourcesVpcConfig={"endpointPublicAccess": True})
    eks.update_cluster_config(name="estate", deletionProtection=False)
    drifted = {change.path.split(".")[0] for change in life.refresh()}
    assert drifted == {"vpcConfig", "deletionProtection"}


def test_a_cluster_can_be_imported(workbench: Workbench) -> None:
    life = workbench.life(CLUSTER)
    life.create(**declared(life))
    inputs, outputs = life.imported()
    for key, value in declared(life).items():
        if key not in ("vpcConfig", "kubernetesNetworkConfig", "bootstrapSelfManagedAddons", "enabledClusterLogTypes"):
            assert inputs[key] == value, key
    assert sorted(inputs["vpcConfig"]["subnetIds"]) == subnets(life)
    assert outputs["endpoint"] == life.outputs["endpoint"]


def test_a_protected_cluster_is_kept_and_the_teardown_takes_it(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = make_cluster(workbench, deletionProtection=True)
    with pytest.raises(Exception, match="deletion protection"):
        life.delete()
    assert not life.gone()
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"name": "no spaces"}, "letters, digits, hyphens"),
        ({"version": "1.34.2"}, "minor version"),
        ({"vpcConfig": {"subnetIds": ["subnet-1"], "endpointPublicAccess": False}}, "cannot both be off"),
        ({"enabledClusterLogTypes": ["kubelet"]}, "controllerManager"),
        ({"accessConfig": {"authenticationMode": "IAM"}}, "API_AND_CONFIG_MAP"),
        ({"upgradePolicy": {"supportType": "LONG"}}, "EXTENDED"),
        ({"kubernetesNetworkConfig": {"ipFamily": "ipv5"}}, "ipv6"),
    ],
)
def test_a_cluster_that_eks_would_refuse_is_refused(workbench: Workbench, more: dict[str, Any], reason: str) -> None:
    valid = {"name": "estate", "roleArn": ROLE, "vpcConfig": {"subnetIds": ["subnet-1"]}}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(CLUSTER).check(**valid | more)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [(["subnet-00000000000000000"], "does not exist"), (slice(0, 1), "at least two different AZs")],
)
def test_subnets_that_cannot_carry_a_cluster_fail(workbench: Workbench, wanted: Any, reason: str) -> None:
    life = workbench.life(CLUSTER)
    chosen = subnets(life)[wanted] if isinstance(wanted, slice) else wanted
    with pytest.raises(Exception, match=reason):
        life.create(name="estate", roleArn=ROLE, vpcConfig={"subnetIds": chosen})
    assert life.boto("eks").list_clusters()["clusters"] == []


def test_a_cluster_skips_no_minor_version_and_never_goes_back(workbench: Workbench) -> None:
    life = make_cluster(workbench)
    for version in ("1.36", "1.33"):
        with pytest.raises(Exception, match=f"from 1.34 to {version}"):
            life.update(**{**life.inputs, "version": version})
