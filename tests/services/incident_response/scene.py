"""An emulated account in which something happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.ec2.models.elastic_network_interfaces import NetworkInterface

REGION = "eu-west-1"


@dataclass(frozen=True)
class Scene:
    """An instance of an auto scaling group with two interfaces, a quarantine group beside it, and a user with a key."""

    instance: str
    group: str
    quarantine: str
    volume: str
    key: str
    topic: str

    def connect(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION)

    def groups(self) -> set[str]:
        """Security groups of all the instance's interfaces."""
        attached = [{"Name": "attachment.instance-id", "Values": [self.instance]}]
        found = self.connect("ec2").describe_network_interfaces(Filters=attached)["NetworkInterfaces"]
        return {group["GroupId"] for interface in found for group in interface["Groups"]}

    def snapshots(self, finding: str) -> list[str]:
        """Volumes that have a snapshot for the finding."""
        filters = [{"Name": "tag:incident", "Values": [finding]}]
        found = self.connect("ec2").describe_snapshots(OwnerIds=["self"], Filters=filters)["Snapshots"]
        return [each["VolumeId"] for each in found]

    def scaled(self) -> list[str]:
        """Instances of the auto scaling group."""
        [found] = self.connect("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["nodes"])["AutoScalingGroups"]
        return [each["InstanceId"] for each in found["Instances"]]

    def key_state(self) -> str:
        [found] = self.connect("iam").list_access_keys(UserName="robot")["AccessKeyMetadata"]
        state: str = found["Status"]
        return state


@contextmanager
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A fresh account with the scene in it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    # moto adds the groups an instance was started with to those of its interfaces for ever; AWS has them on the interfaces alone.
    monkeypatch.setattr(NetworkInterface, "group_set", property(lambda interface: interface._group_set))
    with mock_aws():
        yield _made()


def _made() -> Scene:
    ec2, scaling, iam = (boto3.client(service, region_name=REGION) for service in ("ec2", "autoscaling", "iam"))
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=vpc)["GroupId"]
    quarantine = ec2.create_security_group(GroupName="quarantine", Description="no rules", VpcId=vpc)["GroupId"]
    image = "ami-12345678"
    ec2.create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.large", "SecurityGroupIds": [group]}
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="nodes",
        LaunchTemplate={"LaunchTemplateName": "nodes", "Version": "$Latest"},
        MinSize=1,
        MaxSize=2,
        DesiredCapacity=1,
        VPCZoneIdentifier=subnet,
    )
    [instance] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
    second = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.attach_network_interface(NetworkInterfaceId=second, InstanceId=instance["InstanceId"], DeviceIndex=1)
    [found] = ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"][0]["Instances"]
    iam.create_user(UserName="robot")
    return Scene(
        instance=instance["InstanceId"],
        group=group,
        quarantine=quarantine,
        volume=found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        key=iam.create_access_key(UserName="robot")["AccessKey"]["AccessKeyId"],
        topic=boto3.client("sns", region_name=REGION).create_topic(Name="alerts")["TopicArn"],
    )
