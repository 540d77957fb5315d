"""EFS: backup policies, changes of throughput and protection, and the end of a file system's policy."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

_JSON = {"Content-Type": "application/json"}


def install() -> None:
    """Adds it to moto."""
    from moto.efs.models import FileSystem
    from moto.efs.responses import EFSResponse
    from moto.efs.urls import url_paths

    FileSystem.__init__ = _unprotected(FileSystem.__init__)
    FileSystem.backup_policy = property(_backup_policy)
    EFSResponse.put_backup_policy = _put_backup_policy
    EFSResponse.delete_file_system_policy = _delete_file_system_policy
    EFSResponse.update_file_system = _update_file_system
    EFSResponse.update_file_system_protection = _update_file_system_protection
    url_paths["/2015-02-01/file-systems/<file_system_id>/protection"] = url_paths["/2015-02-01/file-systems/<file_system_id>/policy"]


def _unprotected(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.file_system_protection = {"ReplicationOverwriteProtection": "ENABLED"}
        self._backup_status = "ENABLED" if self._backup else None

    return create


def _backup_policy(file_system: Any) -> dict[str, str] | None:
    return {"Status": file_system._backup_status} if file_system._backup_status else None


def _put_backup_policy(self: Any) -> Any:
    file_system = _file_system(self)
    status = json.loads(self.body)["BackupPolicy"]["Status"]
    file_system._backup_status = status
    return json.dumps({"BackupPolicy": {"Status": status}}), _JSON


def _delete_file_system_policy(self: Any) -> Any:
    _file_system(self).file_system_policy = None
    return "", {"status": 200, **_JSON}


def _update_file_system(self: Any) -> Any:
    file_system, asked = _file_system(self), json.loads(self.body)
    file_system.throughput_mode = asked.get("ThroughputMode", file_system.throughput_mode)
    provisioned = asked.get("ProvisionedThroughputInMibps", file_system.provisioned_throughput_in_mibps)
    file_system.provisioned_throughput_in_mibps = provisioned if file_system.throughput_mode == "provisioned" else None
    return json.dumps(file_system.info_json()), {"status": 202, **_JSON}


def _update_file_system_protection(self: Any) -> Any:
    file_system = _file_system(self)
    file_system.file_system_protection.update(json.loads(self.body))
    return json.dumps(file_system.file_system_protection), _JSON


def _file_system(response: Any) -> Any:
    return response.efs_backend.describe_file_systems(file_system_id=response._get_param("FileSystemId"))[1][0]
