"""What RDS refuses and no schema says."""

from __future__ import annotations

from sandbox.provider.errors import Failure
from sandbox.provider.values import Properties, known

_PASSWORDS = ("password", "passwordWo", "manageMasterUserPassword")
_ORIGINS = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import")
# Below, gp3's IOPS and throughput are fixed: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
_GP3_STEP_GIB = {"oracle": 200, "sqlserver": 0}
_GP3_STEP_OTHERS_GIB = 400
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_BACKUP_DAYS = 35


def instance_failures(inputs: Properties) -> list[Failure]:
    """Every reason why RDS would refuse an instance with these inputs; values may be UNKNOWN."""
    return [*_origin(inputs), *_password(inputs), *_storage(inputs), *_times(inputs)]


def _origin(inputs: Properties) -> list[Failure]:
    if any(inputs.get(name) for name in _ORIGINS):
        return []
    return [
        Failure(name, "required, but not given: a new instance that is neither a replica nor restored needs it")
        for name in ("engine", "username", "allocatedStorage")
        if inputs.get(name) is None
    ]


def _password(inputs: Properties) -> list[Failure]:
    given = [name for name in _PASSWORDS if inputs.get(name)]
    if len(given) > 1:
        return [Failure(given[1], f"cannot be combined with {given[0]}: choose one")]
    if not given and not any(inputs.get(name) for name in _ORIGINS):
        return [Failure("password", f"one of {', '.join(_PASSWORDS)} is needed")]
    if "replicateSourceDb" in inputs and given:
        return [Failure(given[0], "a read replica has the password of its source: leave it out")]
    return []


def _storage(inputs: Properties) -> list[Failure]:
    found = []
    size, most = inputs.get("allocatedStorage"), inputs.get("maxAllocatedStorage")
    if isinstance(size, int) and isinstance(most, int) and 0 < most <= size:
        found.append(Failure("maxAllocatedStorage", f"must be above allocatedStorage (got {most}, allocated are {size})"))
    if inputs.get("kmsKeyId") and not inputs.get("storageEncrypted") and not any(inputs.get(name) for name in _ORIGINS):
        found.append(Failure("kmsKeyId", "needs storageEncrypted: true"))
    engine = inputs.get("engine")
    step = _GP3_STEP_GIB.get(engine.split("-")[0], _GP3_STEP_OTHERS_GIB) if isinstance(engine, str) else 0
    if inputs.get("storageType") == "gp3" and isinstance(size, int) and size < step:
        found += [
            Failure(name, f"gp3 storage below {step} GiB has fixed IOPS and throughput: leave it out (got {inputs[name]})")
            for name in ("iops", "storageThroughput")
            if known(inputs.get(name)) and inputs.get(name)
        ]
    return found


def _times(inputs: Properties) -> list[Failure]:
    found = []
    if inputs.get("monitoringInterval") and not inputs.get("monitoringRoleArn"):
        found.append(
            Failure("monitoringRoleArn", f"enhanced monitoring (monitoringInterval {inputs['monitoringInterval']!r}) needs a role")
        )
    days = inputs.get("backupRetentionPeriod")
    if isinstance(days, int) and not 0 <= days <= _BACKUP_DAYS:
        found.append(Failure("backupRetentionPeriod", f"must be 0 to {_BACKUP_DAYS} days (got {days})"))
    return found
