"""Amazon EFS."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_FILE_SYSTEM = Translation("efs", "CreateFileSystem", apart=frozenset({"creationToken", "lifecyclePolicies", "protection"}))
_LIFECYCLE = Translation("efs", "PutLifecycleConfiguration")
_MOUNT_TARGET = Translation("efs", "CreateMountTarget")
_ACCESS_POINT = Translation("efs", "CreateAccessPoint")
_DEFAULT_MODE = {"throughputMode": "bursting"}


class FileSystem(Handler):
    """A file system that many machines mount."""

    token = "aws:efs/fileSystem:FileSystem"
    create_only = frozenset({"availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"})
    unordered = frozenset({"lifecyclePolicies"})
    defaults = _DEFAULT_MODE
    volatile = frozenset({"name", "sizeInBytes", "numberOfMountTargets"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        if inputs.get("kmsKeyId") and not inputs.get("encrypted"):
            found.append(Failure("kmsKeyId", "needs encrypted: true"))
        mode, provisioned = inputs["throughputMode"], inputs.get("provisionedThroughputInMibps")
        if (mode == "provisioned") != bool(provisioned) and isinstance(mode, str):
            found.append(Failure("provisionedThroughputInMibps", f"goes with throughputMode provisioned, and only with it (got {mode})"))
        return found or _FILE_SYSTEM.failures(inputs, CreationToken="token")

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        efs = call.client("efs")
        made = efs.create_file_system(
            CreationToken=inputs.get("creationToken") or call.token(), **_FILE_SYSTEM.request(inputs), Tags=tagging.pairs(inputs["tagsAll"])
        )
        resource_id = made["FileSystemId"]
        if inputs.get("lifecyclePolicies"):
            efs.put_lifecycle_configuration(
                FileSystemId=resource_id, **_LIFECYCLE.request({"lifecyclePolicies": inputs["lifecyclePolicies"]})
            )
        self._protect(call, resource_id, inputs)
        computed = {key: value for key, value in _outputs(call, made).items() if key not in inputs}
        return resource_id, with_blanks(self.token, inputs, computed)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        efs = call.client("efs")
        live = efs.describe_file_systems(FileSystemId=resource_id)["FileSystems"][0]
        policies = efs.describe_lifecycle_configuration(FileSystemId=resource_id)
        found = _outputs(call, live) | _LIFECYCLE.properties(self.token, policies)
        found["lifecyclePolicies"] = aligned(state.get("lifecyclePolicies", []), found.get("lifecyclePolicies", []))
        return found | {"tags": tagging.mapping(live["Tags"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        efs = call.client("efs")
        if any(old.get(key) != new.get(key) for key in ("throughputMode", "provisionedThroughputInMibps")):
            asked: Properties = {key: new[key] for key in ("throughputMode", "provisionedThroughputInMibps") if key in new}
            efs.update_file_system(FileSystemId=resource_id, **_FILE_SYSTEM.request(asked))
        if not self.equal("lifecyclePolicies", old.get("lifecyclePolicies") or [], new.get("lifecyclePolicies") or []):
            wanted = {"lifecyclePolicies": new.get("lifecyclePolicies") or []}
            efs.put_lifecycle_configuration(FileSystemId=resource_id, **_LIFECYCLE.request(wanted))
        if old.get("protection") != new.get("protection"):
            self._protect(call, resource_id, new)
        tagging.retag(call.client("efs"), resource_id, old, new)
        live = efs.describe_file_systems(FileSystemId=resource_id)["FileSystems"][0]
        return with_blanks(self.token, new, {key: value for key, value in _outputs(call, live).items() if key not in new})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("efs").delete_file_system(FileSystemId=resource_id)

    def _protect(self, call: Call, resource_id: str, inputs: Properties) -> None:
        wanted = (inputs.get("protection") or {}).get("replicationOverwrite")
        if wanted:
            call.client("efs").update_file_system_protection(FileSystemId=resource_id, ReplicationOverwriteProtection=wanted)


class MountTarget(Handler):
    """A file system's address in one zone."""

    token = "aws:efs/mountTarget:MountTarget"
    support = Support.PARTLY
    gap = "IPv6 addresses are in the state only"
    create_only = frozenset({"fileSystemId", "ipAddress", "ipAddressType", "ipv6Address", "subnetId"})
    unordered = frozenset({"securityGroups"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        system = inputs["fileSystemId"]
        return {"dnsName": _dns_name(call, system), "fileSystemArn": _system_arn(call, system)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("efs").create_mount_target(**_MOUNT_TARGET.request(inputs))
        computed = {key: value for key, value in self._outputs(call, made).items() if key not in inputs}
        return made["MountTargetId"], with_blanks(self.token, inputs, computed | self.preview(call, inputs))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        efs = call.client("efs")
        live = efs.describe_mount_targets(MountTargetId=resource_id)["MountTargets"][0]
        groups = efs.describe_mount_target_security_groups(MountTargetId=resource_id).get("SecurityGroups")
        found = self._outputs(call, live) | self.preview(call, {"fileSystemId": live["FileSystemId"]})
        return found | ({"securityGroups": groups} if groups else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if new.get("securityGroups") and not self.equal("securityGroups", old.get("securityGroups"), new["securityGroups"]):
            call.client("efs").modify_mount_target_security_groups(MountTargetId=resource_id, SecurityGroups=new["securityGroups"])
        return {key: old[key] for key in ("ipAddress", "ipAddressType", "ipv6Address", "securityGroups") if key not in new}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("efs").delete_mount_target(MountTargetId=resource_id)

    def _outputs(self, call: Call, live: dict[str, Any]) -> Properties:
        zone = live["AvailabilityZoneName"]
        return {
            "ipAddressType": "IPV4_ONLY",
            **_MOUNT_TARGET.properties(self.token, live),
            "availabilityZoneId": live["AvailabilityZoneId"],
            "availabilityZoneName": zone,
            "mountTargetDnsName": f"{zone}.{_dns_name(call, live['FileSystemId'])}",
            "networkInterfaceId": live["NetworkInterfaceId"],
            "ownerId": live["OwnerId"],
        }


class BackupPolicy(Handler):
    """Whether a file system is backed up every day."""

    token = "aws:efs/backupPolicy:BackupPolicy"
    create_only = frozenset({"fileSystemId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["fileSystemId"], inputs["backupPolicy"]["status"])
        return inputs["fileSystemId"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        status = call.client("efs").describe_backup_policy(FileSystemId=resource_id)["BackupPolicy"]["Status"]
        return {"fileSystemId": resource_id, "backupPolicy": {"status": status}}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new["backupPolicy"]["status"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._put(call, resource_id, "DISABLED")

    def _put(self, call: Call, resource_id: str, status: str) -> None:
        call.client("efs").put_backup_policy(FileSystemId=resource_id, BackupPolicy={"Status": status})


class FileSystemPolicy(Handler):
    """Who may mount a file system, and how."""

    token = "aws:efs/fileSystemPolicy:FileSystemPolicy"
    create_only = frozenset({"fileSystemId"})
    documents = frozenset({"policy"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["fileSystemId"], inputs)
        return inputs["fileSystemId"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        policy = call.client("efs").describe_file_system_policy(FileSystemId=resource_id)["Policy"]
        return {"fileSystemId": resource_id, "policy": policy}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("efs").delete_file_system_policy(FileSystemId=resource_id)

    def _put(self, call: Call, resource_id: str, inputs: Properties) -> None:
        call.client("efs").put_file_system_policy(
            FileSystemId=resource_id,
            Policy=inputs["policy"],
            BypassPolicyLockoutSafetyCheck=inputs.get("bypassPolicyLockoutSafetyCheck", False),
        )


class AccessPoint(Handler):
    """A way into a file system as a fixed user and folder."""

    token = "aws:efs/accessPoint:AccessPoint"
    create_only = frozenset({"fileSystemId", "posixUser", "rootDirectory"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _ACCESS_POINT.failures(inputs, ClientToken="token")

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("efs").create_access_point(
            ClientToken=call.token(), **_ACCESS_POINT.request(inputs), Tags=tagging.pairs(inputs["tagsAll"])
        )
        return made["AccessPointId"], self._facts(call, made) | _ACCESS_POINT.properties(self.token, made) | inputs

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("efs").describe_access_points(AccessPointId=resource_id)["AccessPoints"][0]
        found = _ACCESS_POINT.properties(self.token, live)
        for name in ("posixUser", "rootDirectory"):
            if name in found and name in state:
                found[name] = aligned(state[name], found[name])
        return found | self._facts(call, live) | {"tags": tagging.mapping(live["Tags"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        tagging.retag(call.client("efs"), resource_id, old, new)
        return {"rootDirectory": old["rootDirectory"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("efs").delete_access_point(AccessPointId=resource_id)

    def _facts(self, call: Call, live: dict[str, Any]) -> Properties:
        return {
            "arn": live["AccessPointArn"],
            "fileSystemArn": _system_arn(call, live["FileSystemId"]),
            "ownerId": live["OwnerId"],
        }


def _outputs(call: Call, live: dict[str, Any]) -> Properties:
    """A file system as the service describes it."""
    size, overwrite = live["SizeInBytes"], live.get("FileSystemProtection", {}).get("ReplicationOverwriteProtection", "ENABLED")
    return {
        **_FILE_SYSTEM.properties(FileSystem.token, live),
        "arn": live["FileSystemArn"],
        "creationToken": live["CreationToken"],
        "availabilityZoneId": live.get("AvailabilityZoneId") or "",
        "dnsName": _dns_name(call, live["FileSystemId"]),
        "name": live.get("Name", ""),
        "numberOfMountTargets": live["NumberOfMountTargets"],
        "ownerId": live["OwnerId"],
        "protection": {"replicationOverwrite": overwrite},
        "sizeInBytes": [{"value": size["Value"], "valueInIa": size["ValueInIA"], "valueInStandard": size["ValueInStandard"]}],
    }


def _dns_name(call: Call, system: str) -> str:
    return f"{system}.efs.{call.region}.amazonaws.com"


def _system_arn(call: Call, system: str) -> str:
    return call.arn("elasticfilesystem", f"file-system/{system}")
