"""EKS of the emulated cloud, as any client sees it."""

from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud

ROLE = "arn:aws:iam::123456789012:role/cluster"


@pytest.fixture
def eks(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    client = emulated_cloud.boto("eks")
    subnets = [subnet["SubnetId"] for subnet in emulated_cloud.boto("ec2").describe_subnets()["Subnets"]]
    client.create_cluster(name="estate", roleArn=ROLE, version="1.34", resourcesVpcConfig={"subnetIds": subnets})
    return client


def test_a_change_is_done_at_once_and_can_be_asked_after(eks: Any) -> None:
    number = eks.update_cluster_version(name="estate", version="1.35")["update"]["id"]
    update = eks.describe_update(name="estate", updateId=number)["update"]
    assert (update["status"], update["type"]) == ("Successful", "VersionUpdate")
    with pytest.raises(Exception, match="No update found"):
        eks.describe_update(name="estate", updateId="00000000-0000-0000-0000-000000000000")


def test_the_way_of_authentication_never_goes_back(eks: Any) -> None:
    eks.update_cluster_config(name="estate", accessConfig={"authenticationMode": "API"})
    with pytest.raises(Exception, match="from API to CONFIG_MAP"):
        eks.update_cluster_config(name="estate", accessConfig={"authenticationMode": "CONFIG_MAP"})


def test_a_key_for_secrets_is_given_once(eks: Any) -> None:
    wanted = [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}}]
    eks.associate_encryption_config(clusterName="estate", encryptionConfig=wanted)
    assert eks.describe_cluster(name="estate")["cluster"]["encryptionConfig"] == wanted
    with pytest.raises(Exception, match="already has an encryption config"):
        eks.associate_encryption_config(clusterName="estate", encryptionConfig=wanted)


def test_subnets_of_another_network_are_refused(eks: Any, emulated_cloud: EmulatedCloud) -> None:
    ec2 = emulated_cloud.boto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    foreign = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    with pytest.raises(Exception, match="different VPC"):
        eks.update_cluster_config(name="estate", resourcesVpcConfig={"subnetIds": foreign})
    with pytest.raises(Exception, match="not in the cluster's VPC"):
        eks.create_nodegroup(clusterName="estate", nodegroupName="nodes", nodeRole=ROLE, subnets=foreign)


def test_tags_of_everything_can_be_set_and_removed_several_at_once(eks: Any) -> None:
    eks.update_cluster_config(name="estate", accessConfig={"authenticationMode": "API"})
    arns = [
        eks.describe_cluster(name="estate")["cluster"]["arn"],
        eks.create_addon(clusterName="estate", addonName="coredns")["addon"]["addonArn"],
        eks.create_access_entry(clusterName="estate", principalArn=ROLE)["accessEntry"]["accessEntryArn"],
        eks.create_pod_identity_association(clusterName="estate", namespace="a", serviceAccount="b", roleArn=ROLE)["association"][
            "associationArn"
        ],
    ]
    for arn in arns:
        eks.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2", "c": "3"})
        eks.untag_resource(resourceArn=arn, tagKeys=["a", "b"])
        assert eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "3"}


def test_what_is_not_there_answers_so(eks: Any) -> None:
    for operation, named in (
        ("describe_addon", {"clusterName": "estate", "addonName": "none"}),
        ("describe_access_entry", {"clusterName": "estate", "principalArn": ROLE}),
        ("describe_pod_identity_association", {"clusterName": "estate", "associationId": "a-none"}),
        ("list_addons", {"clusterName": "none"}),
    ):
        with pytest.raises(eks.exceptions.ResourceNotFoundException):
            getattr(eks, operation)(**named)
