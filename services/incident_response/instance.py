"""Cuts an instance off from the network and keeps what it holds for investigation.

Order: the network first, evidence next. Connections that a security group tracks already may last until they end; the quarantine
group has no rules, so nothing new begins.
Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

INCIDENT_TAG = "incident"
"""Tag of an instance that was cut off, and of its snapshots: the finding's id."""
Connect = Callable[[str], Any]


def isolate(connect: Connect, instance_id: str, quarantine_group: str, finding: str, *, dry_run: bool) -> list[str]:
    """Return what was done, or with `dry_run` what would be; nothing where all of it stands already.

    An instance that is gone, or that lies in another VPC than the quarantine group, is told of and left.
    """
    ec2 = connect("ec2")
    instance = _instance(ec2, instance_id)
    if instance is None:
        return [f"{instance_id} is gone: nothing to isolate"]
    [group] = ec2.describe_security_groups(GroupIds=[quarantine_group])["SecurityGroups"]
    if group["VpcId"] != instance["VpcId"]:
        return [f"{instance_id} is in {instance['VpcId']}, the quarantine group in {group['VpcId']}: isolate it by hand"]
    return [
        *_cut_off(ec2, instance, quarantine_group, dry_run),
        *_keep_running(ec2, connect("autoscaling"), instance_id, dry_run),
        *_snapshot(ec2, instance, finding, dry_run),
        *_mark(ec2, instance, finding, dry_run),
    ]


def _instance(ec2: Any, instance_id: str) -> dict[str, Any] | None:
    filters = [{"Name": "instance-id", "Values": [instance_id]}]
    found = [each for part in ec2.describe_instances(Filters=filters)["Reservations"] for each in part["Instances"]]
    live = [each for each in found if each["State"]["Name"] not in ("shutting-down", "terminated")]
    return live[0] if live else None


def _cut_off(ec2: Any, instance: dict[str, Any], quarantine_group: str, dry_run: bool) -> list[str]:
    """An instance of a cluster has several interfaces: pods have theirs."""
    done = []
    attached = [{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}]
    for interface in ec2.describe_network_interfaces(Filters=attached)["NetworkInterfaces"]:
        if [group["GroupId"] for group in interface["Groups"]] == [quarantine_group]:
            continue
        if not dry_run:
            ec2.modify_network_interface_attribute(NetworkInterfaceId=interface["NetworkInterfaceId"], Groups=[quarantine_group])
        done.append(f"{interface['NetworkInterfaceId']} of {instance['InstanceId']} has the quarantine group alone")
    return done


def _keep_running(ec2: Any, autoscaling: Any, instance_id: str, dry_run: bool) -> list[str]:
    """Its group would end what is unhealthy, and with it what is in its memory; a replacement takes over the work."""
    done = []
    for entry in autoscaling.describe_auto_scaling_instances(InstanceIds=[instance_id])["AutoScalingInstances"]:
        if entry["LifecycleState"] not in ("Detaching", "Detached"):
            group = entry["AutoScalingGroupName"]
            if not dry_run:
                autoscaling.detach_instances(InstanceIds=[instance_id], AutoScalingGroupName=group, ShouldDecrementDesiredCapacity=False)
            done.append(f"{instance_id} left auto scaling group {group}, which starts another")
    protected = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="disableApiTermination")
    if not protected["DisableApiTermination"]["Value"]:
        if not dry_run:
            ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": True})
        done.append(f"{instance_id} cannot be terminated")
    return done


def _snapshot(ec2: Any, instance: dict[str, Any], finding: str, dry_run: bool) -> list[str]:
    done = []
    for mapping in instance.get("BlockDeviceMappings", []):
        volume = mapping["Ebs"]["VolumeId"]
        kept = ec2.describe_snapshots(
            OwnerIds=["self"],
            Filters=[{"Name": "volume-id", "Values": [volume]}, {"Name": f"tag:{INCIDENT_TAG}", "Values": [finding]}],
        )["Snapshots"]
        if kept:
            continue
        if not dry_run:
            ec2.create_snapshot(
                VolumeId=volume,
                Description=f"Evidence of {instance['InstanceId']}",
                TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": INCIDENT_TAG, "Value": finding}]}],
            )
        done.append(f"{volume} of {instance['InstanceId']} has a snapshot")
    return done


def _mark(ec2: Any, instance: dict[str, Any], finding: str, dry_run: bool) -> list[str]:
    if any(tag["Key"] == INCIDENT_TAG and tag["Value"] == finding for tag in instance.get("Tags", [])):
        return []
    if not dry_run:
        ec2.create_tags(Resources=[instance["InstanceId"]], Tags=[{"Key": INCIDENT_TAG, "Value": finding}])
    return [f"{instance['InstanceId']} is tagged {INCIDENT_TAG}={finding}"]
