"""What the types of AWS Backup share."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties


def vault_arn(call: Call, name: Any) -> str:
    """The ARN of a vault in the call's region."""
    return call.arn("backup", f"backup-vault:{name}")


def live_tags(call: Call, arn: str) -> dict[str, str]:
    """The tags of what has this ARN."""
    return dict(call.client("backup").list_tags(ResourceArn=arn)["Tags"])


def retag(call: Call, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags from the old outputs' to the new ones."""
    tagging.retag(call.client("backup"), arn, old, new)
