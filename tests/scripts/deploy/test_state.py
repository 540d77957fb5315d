"""A pipeline's states are in the bucket, their secrets under a KMS key."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load
from scripts.deploy.state import BackendError, backend


def test_the_bucket_is_asked_in_the_hubs_region_and_secrets_have_a_key(tmp_path: Path) -> None:
    settings = load("sa-east-1")
    (tmp_path / "Pulumi.sa-east-1.yaml").write_text(
        "secretsprovider: awskms:///arn:aws:kms:us-east-1:123456789012:key/x?region=us-east-1\nconfig: {}\n"
    )
    assert backend(settings, {"GITLAB_CI": "true"}, tmp_path) == {"PULUMI_BACKEND_URL": "s3://morefocus-states?region=us-east-1"}


@pytest.mark.parametrize("provider", ["", "secretsprovider: passphrase\n", "encryptionsalt: v1:x\n"])
def test_a_passphrase_is_no_key_for_pipelines(provider: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.staging.yaml").write_text(f"{provider}config: {{}}\n")
    with pytest.raises(BackendError, match=r"Pulumi\.staging\.yaml names no secrets provider in KMS.*change-secrets-provider"):
        backend(load("staging"), {"GITLAB_CI": "true"}, tmp_path)


def test_a_laptop_uses_what_it_logged_in_to() -> None:
    assert backend(load("staging"), {}) == {}
