"""Disables an access key that a finding names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Connect = Callable[[str], Any]


def disable(connect: Connect, user: str, key_id: str, *, dry_run: bool) -> list[str]:
    """Return what was done, or with `dry_run` what would be; nothing for a key that is disabled already.

    A disabled key can be enabled again and says when it was last used; a deleted one says nothing any more.
    """
    iam = connect("iam")
    try:
        keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    except iam.exceptions.NoSuchEntityException:
        return [f"user {user} is gone: no access key to disable"]
    state = {key["AccessKeyId"]: key["Status"] for key in keys}
    if key_id not in state:
        return [f"user {user} has no access key {key_id} any more"]
    if state[key_id] == "Inactive":
        return []
    if not dry_run:
        iam.update_access_key(UserName=user, AccessKeyId=key_id, Status="Inactive")
    return [f"access key {key_id} of user {user} is disabled"]
