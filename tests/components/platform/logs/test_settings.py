"""The settings that are brought into Elasticsearch; the shell runs for real, against a `curl` that writes down what it is asked."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from components.platform.logs.settings import DOCUMENTS, SCRIPT, LogSettings, LogSettingsArgs, documents, snapshot_role_policy
from components.platform.logs.streams import Lifecycle, Stream
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

STREAMS = {
    Stream.AUDIT: Lifecycle(daily_gb=1, hot_days=7, delete_days=365),
    Stream.APPLICATION: Lifecycle(daily_gb=8, hot_days=7, delete_days=90),
    Stream.PLATFORM: Lifecycle(daily_gb=100, hot_days=7, delete_days=30),
}
ARGS = LogSettingsArgs(namespace="logging", image="e:9.5.1", streams=STREAMS, bucket="snapshots", priority_class="batch")
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"


def test_each_stream_has_a_lifecycle_and_a_template_that_names_it() -> None:
    found = {name: json.loads(text) for name, text in documents(ARGS).items()}
    for stream in Stream:
        template = found[f"2._index_template.{stream.policy}.json"]
        name = template["template"]["settings"]["index.lifecycle.name"]
        assert f"1._ilm.policy.{name}.json" in found
    audit = found["1._ilm.policy.morefocus-audit.json"]["policy"]["phases"]["delete"]["min_age"]
    assert audit == "365d"
    assert found["2._index_template.morefocus-platform.json"]["template"]["settings"]["index.number_of_shards"] == 3


def test_snapshots_are_taken_each_hour_into_the_repository_that_is_registered() -> None:
    found = {name: json.loads(text) for name, text in documents(ARGS).items()}
    policy = found["4._slm.policy.hourly.json"]
    assert f"3._snapshot.{policy['repository']}.json" in found
    assert found[f"3._snapshot.{policy['repository']}.json"]["settings"]["bucket"] == "snapshots"
    assert policy["schedule"].split()[2] == "*" and policy["retention"]["expire_after"] == "14d"


def test_every_setting_is_put_where_its_name_says_in_order_and_no_password_is_in_an_argument(tmp_path: Path) -> None:
    program, asked = tmp_path / "bin" / "curl", tmp_path / "asked"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$*" >> {asked}\n', encoding="utf-8")
    program.chmod(0o755)
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in documents(ARGS).items():
        (folder / name).write_text(text, encoding="utf-8")
    script = SCRIPT.replace(DOCUMENTS, str(folder)).replace("/tmp/netrc", str(tmp_path / "netrc"))
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "LOGIN": "log-settings", "PASSWORD": "of-the-test"}
    subprocess.run(["sh", "-c", script], env=environment, check=True, timeout=20, capture_output=True)
    calls = asked.read_text(encoding="utf-8").splitlines()
    paths = [call.rpartition(":9200/")[2] for call in calls]
    assert paths[:3] == ["_ilm/policy/morefocus-application", "_ilm/policy/morefocus-audit", "_ilm/policy/morefocus-platform"]
    assert paths[-2:] == ["_snapshot/snapshots", "_slm/policy/hourly"]
    assert "of-the-test" not in str(calls)
    assert (tmp_path / "netrc").read_text(encoding="utf-8") == "default login log-settings password of-the-test\n"


def _pod() -> dict[str, Any]:
    spec = record(lambda: LogSettings("log-settings", a_context(), ARGS)).one("kubernetes:batch/v1:CronJob").inputs["spec"]
    pod: dict[str, Any] = spec["jobTemplate"]["spec"]["template"]["spec"]
    return pod


def test_the_job_is_restricted_and_has_its_password_from_a_secret() -> None:
    pod = _pod()
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False and container["securityContext"]["readOnlyRootFilesystem"]
    (password,) = [each for each in container["env"] if each["name"] == "PASSWORD"]
    assert password["valueFrom"]["secretKeyRef"] == {"name": "log-settings", "key": "password"}
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_elasticsearch_keeps_snapshots_in_its_own_bucket_alone() -> None:
    policy = str(snapshot_role_policy(a_context(), "snapshots", KEY))

    def may(action: str, resource: str) -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/x"))

    assert may("s3:PutObject", "arn:aws:s3:::snapshots/elasticsearch/index-1") and may("s3:ListBucket", "arn:aws:s3:::snapshots")
    assert not may("s3:PutObject", "arn:aws:s3:::backups/elasticsearch/x") and not may("s3:PutObject", "arn:aws:s3:::snapshots/other")
    assert not may("s3:DeleteBucket", "arn:aws:s3:::snapshots") and not may("kms:Decrypt", KEY)


def test_a_stream_that_nobody_decided_on_is_refused() -> None:
    with pytest.raises(ValueError, match="streams must be audit, application, platform"):
        LogSettingsArgs(namespace="logging", image="e:1", streams={}, bucket="b", priority_class="batch")
