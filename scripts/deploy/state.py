"""Where a pipeline finds the states: the bucket of scripts/state, with secrets under its KMS key and no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from config.estate import stack_file
from config.load import ROOT, Settings

_KMS = "awskms://"


class BackendError(Exception):
    """A pipeline would use a state whose secrets no KMS key guards; says what was found and what to do."""


def backend(settings: Settings, given: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """Return the variable with which a job finds the states: the bucket of `identity.gitlab.state_bucket`.

    Outside of a pipeline nothing is added: whatever `pulumi login` chose counts.
    Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3

    Raises BackendError while the stack's file names no KMS key for its secrets.
    """
    if not given.get("GITLAB_CI"):
        return {}
    name = stack_file(settings.stack)
    provider = str((yaml.safe_load((root / name).read_text(encoding="utf-8")) or {}).get("secretsprovider", ""))
    if not provider.startswith(_KMS):
        raise BackendError(
            f"{name} names no secrets provider in KMS, which pipelines need: run `pulumi stack change-secrets-provider "
            f"'awskms:///<ARN of the key>?region=...' -s {settings.stack}` once, and commit the file"
        )
    estate = settings.estate
    region = estate.plans[estate.hub_stack].region
    return {"PULUMI_BACKEND_URL": f"s3://{estate.facts.identity.gitlab.state_bucket}?region={region}"}
