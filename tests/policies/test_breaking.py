"""A developer's mistakes in the program's own source end its preview with what to do, before anything is made.

The recorder's graphs prove each control by itself; here the real engine runs a copy of the program, changed as somebody in a hurry would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from policies.catalogue import EVERY, catalogue
from sandbox.paths import REPOSITORY
from scripts.program import copy_program

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("breaking")]

STACK = "eu-west-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Mistake:
    """What is written in one place of the program instead of what stands there, and who finds it on what."""

    name: str
    path: str
    right: str
    wrong: str
    found: tuple[tuple[str, str], ...]
    """Control and logical name of the resource."""

    def make(self, folder: Path) -> None:
        """Make it in a copy of the program, at the first place; fails where the source no longer says so."""
        source = folder / self.path
        text = source.read_text(encoding="utf-8")
        assert self.right in text, f"{self.path} has no {self.right!r} any more: say what it has instead"
        source.write_text(text.replace(self.right, self.wrong, 1), encoding="utf-8")

    def __str__(self) -> str:
        return self.name


MISTAKES = (
    Mistake(
        "a database with a public address",
        "components/data/database.py",
        "publicly_accessible=False",
        "publicly_accessible=True",
        (("NET-01", "database-primary"),),
    ),
    Mistake("buckets that nobody encrypts", "components/data/bucket.py", "        self._encrypt()\n", "", (("ENC-04", "files-bucket"),)),
    Mistake(
        "backups of Europe in the United States, without a row of the register",
        "stacks/recovery.py",
        "copy_vault_arns=[vault.arn for vault in elsewhere]",
        'copy_vault_arns=[context.arn("backup", f"backup-vault:{VAULT}", region="us-east-1")]',
        (("BCK-03", "backup-plan"), ("RES-02", "backup-plan")),
    ),
    Mistake(
        "namespaces that refuse nothing",
        "components/platform/namespace.py",
        '        refuse_all(self, f"{name}-deny", self._meta(DENY))\n',
        "",
        (("K8S-02", "automation-namespace"),),
    ),
    Mistake(
        "an image by a tag that moves",
        "stacks/pooling.py",
        'image=site.image("pgbouncer")',
        'image="ghcr.io/cloudnative-pg/pgbouncer:latest"',
        (("K8S-04", "pgbouncer-deployment"),),
    ),
    # The builder of documents refuses a star, so whoever wants one takes its guard out as well.
    Mistake("a guard taken out", "components/_base/policy_document.py", 'self.effect == "Allow" and "*" in self.actions', "False", ()),
    Mistake(
        "a role that may do everything",
        "components/platform/monitoring/cloudwatch_exporter.py",
        '*("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "tag:GetResources"),',
        '"*",',
        (("IAM-01", "cloudwatch-identity-policy"), ("IAM-02", "cloudwatch-identity-role")),
    ),
)
FOUND = [pytest.param(control, resource, id=str(mistake)) for mistake in MISTAKES for control, resource in mistake.found]


@dataclass(frozen=True)
class Broken:
    """A copy of the program with all mistakes at once, after its preview."""

    folder: Path
    code: int
    said: str

    @property
    def verdicts(self) -> dict[str, Any]:
        """What the packs wrote down."""
        (path,) = (self.folder / ".sandbox/verdicts/preview").glob(f"{STACK}.{EVERY}.json")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def boto(self, service: str) -> Any:
        """A client of the emulated cloud that knows nothing of ours."""
        note = json.loads((self.folder / ".sandbox/run/cloud.json").read_text(encoding="utf-8"))
        endpoint = f"http://127.0.0.1:{note['port']}"
        return boto3.client(service, region_name=STACK, endpoint_url=endpoint, aws_access_key_id=ACCOUNT, aws_secret_access_key="any")


def sandbox(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments, "--project", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "CI": "true", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    """One preview for all mistakes: each is told by its own control, whatever else is wrong."""
    folder = tmp_path_factory.mktemp("broken") / "platform"
    copy_program(folder)
    (folder / ".venv").symlink_to(sys.prefix)
    for mistake in MISTAKES:
        mistake.make(folder)
    try:
        done = sandbox(folder, "preview", "--stack", STACK)
        yield Broken(folder, done.returncode, " ".join((done.stdout + done.stderr).split()))
    finally:
        sandbox(folder, "down", "--force")


@pytest.mark.parametrize(("control", "resource"), FOUND)
def test_a_mistake_is_told_with_control_resource_remedy_and_clauses(broken: Broken, control: str, resource: str) -> None:
    _, _, told = broken.said.partition(f"policy {control} on {resource}: ")
    assert told, f"{control} says nothing of {resource}:\n{broken.said[-6000:]}"
    told = told.partition("✘")[0]
    known = catalogue()[control]
    assert "To do: " + " ".join(known.fix.split()) in told
    assert known.clauses and all(str(clause) in told for clause in known.clauses)


def test_the_preview_fails_for_what_was_broken_and_for_nothing_else(broken: Broken) -> None:
    assert broken.code == 1
    violated = {each["control"] for each in broken.verdicts["findings"] if each["verdict"] == "violation"}
    assert violated == {control for mistake in MISTAKES for control, _ in mistake.found}


def test_nothing_was_made(broken: Broken) -> None:
    assert broken.boto("s3").list_buckets()["Buckets"] == []
    assert broken.boto("rds").describe_db_instances()["DBInstances"] == []
    assert broken.boto("backup").list_backup_vaults()["BackupVaultList"] == []
    assert [vpc for vpc in broken.boto("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
    assert [role for role in broken.boto("iam").list_roles()["Roles"] if not role["Path"].startswith("/aws-service-role/")] == []
