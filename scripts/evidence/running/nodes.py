"""What nodes start from: launch templates, and the encryption of their disks."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, text
from scripts.evidence.running.reader import Reader


def launch_template(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the newest version, which the program wrote, unless somebody wrote another."""
    identity = text(resource, "id")
    versions = place.ask("ec2", "describe_launch_template_versions", LaunchTemplateId=identity)["LaunchTemplateVersions"]
    data = camel(max(versions, key=lambda version: version["VersionNumber"])["LaunchTemplateData"])
    disks = data.get("blockDeviceMappings")
    for disk in disks or ():
        if "kmsKeyId" in disk.get("ebs", {}):
            disk["ebs"]["kmsKeyId"] = place.key(disk["ebs"]["kmsKeyId"])
    for interface in data.get("networkInterfaces") or ():
        interface["securityGroups"] = interface.pop("groups", [])
    return {
        "metadataOptions": data.get("metadataOptions"),
        "networkInterfaces": data.get("networkInterfaces") or None,
        "blockDeviceMappings": disks or None,
        "vpcSecurityGroupIds": data.get("securityGroupIds") or None,
    }


def encryption_by_default(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether new disks are encrypted unless told otherwise."""
    del resource
    return {"enabled": place.ask("ec2", "get_ebs_encryption_by_default")["EbsEncryptionByDefault"]}


def default_key(place: Place, resource: Resource) -> dict[str, Any]:
    """Read with which key."""
    del resource
    return {"keyArn": place.key(place.ask("ec2", "get_ebs_default_kms_key_id")["KmsKeyId"])}


READERS = (
    Reader(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        covers=("metadataOptions", "networkInterfaces", "blockDeviceMappings", "vpcSecurityGroupIds"),
        read=launch_template,
        gone=("InvalidLaunchTemplateId.NotFound",),
    ),
    Reader(type="aws:ebs/encryptionByDefault:EncryptionByDefault", covers=("enabled",), read=encryption_by_default),
    Reader(type="aws:ebs/defaultKmsKey:DefaultKmsKey", covers=("keyArn",), read=default_key),
)
