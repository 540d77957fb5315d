"""How a job may act in an account: GitLab's token for a role of the estate, for as long as the job runs, and no key (SEC-1, SEC-9)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from config.load import Settings

TOKEN = "AWS_ID_TOKEN"  # noqa: S105 - the name of the variable in which GitLab puts the token
"""Variable that `id_tokens` of a job fills."""
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_SESSION = re.compile(r"[^\w+=,.@-]")
_LONGEST_SESSION = 64


class AccessError(Exception):
    """A job would act as something else than it should; says what was found and what to do."""


class Duty(StrEnum):
    """What a command does with an account."""

    READ = "read"
    DEPLOY = "deploy"


def role_arn(settings: Settings, duty: Duty) -> str:
    """Return the role that pipelines take on for a stack: `gitlab-preview` to read, `gitlab-<environment>` to deploy.

    The roles are made by components/identity/pipelines.py; a test compares their names and whom they trust.
    """
    name = "preview" if duty is Duty.READ else settings.plan.environment.value
    return f"arn:aws:iam::{settings.plan.account_id}:role/gitlab-{name}"


@contextmanager
def credentials(settings: Settings, duty: Duty, given: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Yield the variables with which engine, program and boto3 take on the role: `AssumeRoleWithWebIdentity` with the job's token.

    Nothing is exchanged here: every SDK of AWS does it by itself, and again when a session ends while the job still runs. Outside of a
    pipeline nothing is added, and a person's own credentials count.
    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html

    Raises AccessError for a pipeline with keys, or without a token.
    """
    given = os.environ if given is None else given
    token = given.get(TOKEN)
    if token is None:
        if given.get("GITLAB_CI"):
            raise AccessError(f"the job has no token for AWS: give it id_tokens with {TOKEN} and the audience {_audience(settings)}")
        yield {}
        return
    keys = [name for name in _KEYS if given.get(name)]
    if keys:
        raise AccessError(f"the job has {', '.join(keys)} beside its token, and keys win: remove them from GitLab's CI/CD variables")
    with TemporaryDirectory(prefix="identity-") as folder:
        file = Path(folder, "token")
        file.touch(mode=0o600)
        file.write_text(token, encoding="utf-8")
        yield {
            "AWS_ROLE_ARN": role_arn(settings, duty),
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(file),
            "AWS_ROLE_SESSION_NAME": _session(given),
        }


def _audience(settings: Settings) -> str:
    return settings.estate.facts.identity.gitlab.url


def _session(given: Mapping[str, str]) -> str:
    """Return a name by which CloudTrail tells which job it was."""
    return _SESSION.sub("-", f"gitlab-{given.get('CI_PIPELINE_ID', 'laptop')}-{given.get('CI_JOB_ID', '0')}")[:_LONGEST_SESSION]
