"""A job acts as the role that its token opens, and as nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from config.load import load
from scripts.deploy.access import AccessError, Duty, credentials, role_arn

JOB = {"GITLAB_CI": "true", "AWS_ID_TOKEN": "header.claims.signature", "CI_PIPELINE_ID": "12", "CI_JOB_ID": "34"}
_ANSWER = b"""<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""


@pytest.mark.parametrize(
    ("stack", "duty", "role"),
    [
        ("sa-east-1", Duty.DEPLOY, "gitlab-production"),
        ("staging", Duty.DEPLOY, "gitlab-staging"),
        ("us-east-1", Duty.READ, "gitlab-preview"),
    ],
)
def test_each_duty_on_each_stack_has_its_role(stack: str, duty: Duty, role: str) -> None:
    assert role_arn(load(stack), duty) == f"arn:aws:iam::123456789012:role/{role}"


def test_the_sdk_shows_the_jobs_token_for_the_role_and_the_token_goes_with_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, list[str]]] = []

    def answer(request: AWSPreparedRequest, **_rest: object) -> AWSResponse:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        asked.append(parse_qs(body))

        class Raw:
            def stream(self, **_rest: object) -> list[bytes]:
                return [_ANSWER]

        return AWSResponse(request.url, 200, {}, Raw())

    with credentials(load("staging"), Duty.DEPLOY, JOB) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        session = botocore.session.Session()
        session.register("before-send.sts.AssumeRoleWithWebIdentity", answer)
        found = session.get_credentials()
        # Credentials are asked for by a client of their own, which takes the session's handlers along.
        assert found is not None and found.get_frozen_credentials().access_key == "ASIATEST"
        token = Path(variables["AWS_WEB_IDENTITY_TOKEN_FILE"])
        assert token.stat().st_mode & 0o077 == 0
    assert not token.exists()
    (sent,) = asked
    assert sent["RoleArn"] == ["arn:aws:iam::123456789012:role/gitlab-staging"]
    assert sent["WebIdentityToken"] == [JOB["AWS_ID_TOKEN"]] and sent["RoleSessionName"] == ["gitlab-12-34"]


def test_a_laptop_keeps_its_own_credentials() -> None:
    with credentials(load("staging"), Duty.READ, {"AWS_PROFILE": "morefocus"}) as variables:
        assert variables == {}


def test_a_job_with_keys_or_without_a_token_does_not_begin() -> None:
    with (
        pytest.raises(AccessError, match="AWS_SECRET_ACCESS_KEY beside its token"),
        credentials(load("staging"), Duty.READ, JOB | {"AWS_SECRET_ACCESS_KEY": "x"}),
    ):
        pass
    with pytest.raises(AccessError, match=r"audience https://gitlab\.com"), credentials(load("staging"), Duty.READ, {"GITLAB_CI": "true"}):
        pass
