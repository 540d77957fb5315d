"""Where a pipeline finds the states: the bucket of scripts/state, with secrets under its KMS key and no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from config.estate import stack_file
from config.load import ROOT, Settings

BUCKET = "STATE_BUCKET"
"""CI/CD variable that names the bucket that `make state-bucket` made."""
_KMS = "awskms://"


class BackendError(Exception):
    """A pipeline would use no state, or one whose secrets a passphrase guards; says what was found and what to do."""


def backend(settings: Settings, given: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """Return the variable with which the engine finds the states: that of `given`, else the bucket that it names.

    Outside of a pipeline nothing is added: whatever `pulumi login` chose counts.
    Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3

    Raises BackendError in a pipeline without bucket, and for a bucket while the stack's file names no KMS key.
    """
    bucket = given.get(BUCKET)
    if not bucket:
        if given.get("GITLAB_CI"):
            raise BackendError(f"{BUCKET} is not set: make it a CI/CD variable with the name of the bucket that holds the states")
        return {}
    name = stack_file(settings.stack)
    provider = str((yaml.safe_load((root / name).read_text(encoding="utf-8")) or {}).get("secretsprovider", ""))
    if not provider.startswith(_KMS):
        raise BackendError(
            f"{name} names no secrets provider in KMS, which pipelines need: run `pulumi stack change-secrets-provider "
            f"'awskms:///<ARN of the key>?region=...' -s {settings.stack}` once, and commit the file"
        )
    region = settings.estate.plans[settings.estate.hub_stack].region
    return {"PULUMI_BACKEND_URL": f"s3://{bucket}?region={region}"}
