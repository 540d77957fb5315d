"""The command asks all registries, writes the lock and says for how many there is no digest."""

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
import yaml
from typer.testing import CliRunner

from config.load import ROOT
from config.software import FILE, LOCK, SoftwareItem
from scripts.pin_images import __main__ as command
from scripts.pin_images.charts import ChartRepositories
from scripts.pin_images.lock import lookup_of, pin
from scripts.pin_images.registry import Registry
from scripts.pin_images.web import Web
from tests.scripts.pin_images.standin import ARCHIVE, ARCHIVE_DIGEST, DIGEST, MANIFEST, PASSWORD, Behaviour, standing

ROW = {
    "why": "what it is here for",
    "licence": "Apache-2.0",
    "source": "https://example.org/releases",
    "read_on": "2026-11-22",
}
MIRROR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


def _catalogue(root: Path, host: str) -> None:
    rows: dict[str, Any] = {
        "tool": {"kind": "image", "repository": f"{host}/team/tool", "version": "1.2.3"},
        "gone": {"kind": "image", "repository": f"{host}/team/gone", "version": "1.2.3"},
        "chart": {"kind": "chart", "repository": f"http://{host}/charts", "chart": "tool", "version": "1.2.3"},
    }
    (root / "config").mkdir()
    (root / FILE).write_text(yaml.safe_dump({"software": {name: row | ROW for name, row in rows.items()}}), encoding="utf-8")
    (root / LOCK).write_text("digests: {}\n", encoding="utf-8")


def _behaviour() -> Behaviour:
    entry = {"version": "1.2.3", "digest": ARCHIVE_DIGEST, "urls": ["tool-1.2.3.tgz"]}
    index = yaml.safe_dump({"entries": {"tool": [entry]}}).encode()
    return Behaviour(tokens=True, files={"charts/index.yaml": index, "charts/tool-1.2.3.tgz": ARCHIVE})


def _run(root: Path, *options: str) -> Any:
    return CliRunner().invoke(command.app, ["--root", str(root), *options])


def test_what_is_there_is_pinned_and_what_is_not_is_counted(tmp_path: Path) -> None:
    with standing(_behaviour()) as host:
        _catalogue(tmp_path, host)
        done = _run(tmp_path)
    assert done.exit_code == 3, done.output
    assert f"{host}/team/gone:1.2.3: {host} has no team/gone:1.2.3" in done.output
    assert "2 of 3 digests are as their registries say; 1 unresolved: `up` on AWS refuses what uses them" in done.output
    assert yaml.safe_load((tmp_path / LOCK).read_text(encoding="utf-8"))["digests"] == {
        f"{host}/team/tool:1.2.3": DIGEST,
        f"{host}/team/gone:1.2.3": "unresolved",
        f"http://{host}/charts/tool:1.2.3": f"sha256:{ARCHIVE_DIGEST}",
    }


def test_when_all_are_known_it_succeeds_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    behaviour = _behaviour()
    behaviour.images["team/gone:1.2.3"] = MANIFEST
    with standing(behaviour) as host:
        _catalogue(tmp_path, host)
        assert _run(tmp_path).exit_code == 0
        before = (tmp_path / LOCK).read_bytes()
        assert _run(tmp_path).exit_code == 0
    assert (tmp_path / LOCK).read_bytes() == before


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    with standing(_behaviour()) as host:
        _catalogue(tmp_path, host)
        assert _run(tmp_path, "--check").exit_code == 3
    assert (tmp_path / LOCK).read_text(encoding="utf-8") == "digests: {}\n"


def test_a_moved_tag_is_written_only_when_that_is_asked_for(tmp_path: Path) -> None:
    behaviour = _behaviour()
    with standing(behaviour) as host:
        _catalogue(tmp_path, host)
        _run(tmp_path)
        behaviour.images["team/tool:1.2.3"] = MANIFEST + b" "
        moved = _run(tmp_path)
        assert moved.exit_code == 4 and "its tag has moved" in moved.output
        assert DIGEST in (tmp_path / LOCK).read_text(encoding="utf-8")
        _run(tmp_path, "--accept-moved")
    assert DIGEST not in (tmp_path / LOCK).read_text(encoding="utf-8")


def test_a_catalogue_that_cannot_be_read_is_told_and_nothing_is_asked(tmp_path: Path) -> None:
    assert _run(tmp_path).exit_code == 2


def test_a_mirror_is_asked_with_awss_password_under_the_name_of_the_images_registry() -> None:
    behaviour = Behaviour(basic=True, images={"docker.io/n8nio/n8n:2.40.5": MANIFEST})
    row = {"kind": "image", "repository": "docker.io/n8nio/n8n", "version": "2.40.5"} | ROW
    item = SoftwareItem.model_validate(row)
    with standing(behaviour) as host:
        password = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
        web = Web(timeout=5)
        registry = Registry(web, {host: f"Basic {password}"})
        outcome = pin([item], {}, lookup_of(registry, ChartRepositories(web), host))
    assert outcome.digests == {"docker.io/n8nio/n8n:2.40.5": DIGEST}


def test_the_password_of_the_mirror_is_the_one_that_aws_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
    asked = []

    class Ecr:
        def get_authorization_token(self) -> dict[str, Any]:
            return {"authorizationData": [{"authorizationToken": token}]}

    def client(service: str, region_name: str) -> Ecr:
        asked.append((service, region_name))
        return Ecr()

    monkeypatch.setattr(boto3, "client", client)
    assert command.ecr_authorization(MIRROR) == f"Basic {token}"
    assert asked == [("ecr", "us-east-1")]
    with pytest.raises(typer.BadParameter, match="a mirror must be named like"):
        command.ecr_authorization("registry.example.org")


def test_make_knows_the_command() -> None:
    shown = subprocess.run(
        ["make", "-n", "pin-images", "MIRROR=x", "ACCEPT_MOVED=1"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "-m scripts.pin_images --mirror x --accept-moved" in shown
    helped = subprocess.run(
        [sys.executable, "-m", "scripts.pin_images", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, env={"COLUMNS": "200"}
    ).stdout
    assert "--mirror" in helped and "--accept-moved" in helped
