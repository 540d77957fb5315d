"""The commands as a person or a pipeline calls them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.load import ROOT
from scripts.review import __main__ as command
from scripts.review.note import MARKER
from tests.kit.gitlab import GitLab, gitlab
from tests.scripts.review import samples
from tests.scripts.review.samples import QUEUE, create, delete, same, stream, urn


@pytest.fixture
def server() -> Iterator[GitLab]:
    with gitlab() as held:
        yield held


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(command.app, list(arguments), env=environment)


def a_preview(folder: Path, text: str, name: str = "preview.jsonl") -> str:
    path = folder / name
    path.write_text(text)
    return f"us-east-1={path}"


def test_write_says_what_changes_and_post_makes_the_note(tmp_path: Path, server: GitLab) -> None:
    given = a_preview(tmp_path, stream(create("aws:kms/key:Key", "a"), delete(QUEUE, "jobs")))
    done = run(
        "write",
        "--preview",
        given,
        "--into",
        str(tmp_path),
        "--page",
        "https://example.org/page",
        CI_PIPELINE_IID="12",
        CI_COMMIT_SHORT_SHA="abc1234",
    )
    assert done.exit_code == 0, done.output
    assert "us-east-1: 1 to create, 0 to update, 0 to replace, 1 to delete; +" in done.output
    assert "data at stake: us-east-1 delete aws:sqs/queue:Queue jobs" in done.output
    note = (tmp_path / "note.md").read_text()
    assert (
        note.startswith(f"{MARKER}\n<!-- pipeline: 12 -->")
        and "[the page of this review](https://example.org/page). Previewed: `abc1234`." in note
    )
    assert "There is no preview of `eu-west-1`, `sa-east-1`, `staging`" in note
    assert json.loads((tmp_path / "us-east-1.tfplan.json").read_text()) == {"create": 1, "update": 0, "delete": 1}
    there = {"CI_API_V4_URL": server.api, "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "5", "GITLAB_REVIEW_TOKEN": "glpat-writes"}
    for said in ("created", "updated"):
        posted = run("post", "--note", str(tmp_path / "note.md"), **there)
        assert posted.exit_code == 0 and said in posted.output
    assert [each["body"] for each in server.notes] == [note]
    refused = run("post", "--note", str(tmp_path / "note.md"), **{**there, "GITLAB_REVIEW_TOKEN": "glpat-wrong"})
    assert refused.exit_code == 1 and "does not know the token" in refused.output and "glpat" not in refused.output


def test_what_was_there_before_is_read_from_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    rows = [samples.state("aws:kms/key:Key", name) for name in ("a", "b")]
    state.write_text(json.dumps({"deployment": {"resources": [{**row, "urn": urn("aws:kms/key:Key", row["urn"][-1])} for row in rows]}}))
    given = a_preview(tmp_path, stream(same("aws:kms/key:Key", "a")))
    done = run("write", "--preview", given, "--state", f"us-east-1={state}", "--into", str(tmp_path))
    assert done.exit_code == 0 and "; -1." in done.output
    other = run("write", "--preview", given, "--state", f"eu-west-1={state}", "--into", str(tmp_path))
    assert other.exit_code == 2 and "has no --preview eu-west-1" in " ".join(other.output.split())


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (stream(create(QUEUE, "a"), [samples.error("no such zone")], result="failed"), 1, "cost unknown; controls not judged"),
        (stream(create(QUEUE, "a"), [samples.refusal("undecided-share", "too much is open")], result="failed"), 1, "new violations"),
        ("nothing", 1, "pulumi preview --json"),
    ],
)
def test_a_preview_that_does_not_pass_is_written_and_fails_the_job(text: str, code: int, said: str, tmp_path: Path) -> None:
    done = run("write", "--preview", a_preview(tmp_path, text), "--into", str(tmp_path / "out"))
    assert done.exit_code == code and said in done.output
    assert (tmp_path / "out" / "note.md").exists() is (text != "nothing")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("write", "--preview", "file.json"), "is not STACK=FILE"),
        (("write", "--preview", "a=b", "--limit", "10"), "greater than or equal to 10000"),
        (("post",), "--api, --number, --target must be given"),
        (("local", "--stack", "mars"), "there is no Pulumi.mars.yaml; the stacks are eu-west-1"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(arguments: tuple[str, ...], said: str) -> None:
    unset = dict.fromkeys(("CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID"), "")
    done = run(*arguments, **unset)
    assert done.exit_code == 2 and said in " ".join(done.output.replace("│", " ").split())


def test_a_note_that_was_not_written_cannot_be_posted(tmp_path: Path) -> None:
    done = run("post", "--note", str(tmp_path / "note.md"), "--api", "https://x/api/v4", "--number", "1", "--target", "1")
    assert done.exit_code == 1 and "write it first with" in done.output


def test_local_previews_in_the_sandbox_and_takes_no_stream_of_an_earlier_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (*ROOT.glob("Pulumi*.yaml"), ROOT / "config"):
        (tmp_path / path.name).symlink_to(path)
    logs = tmp_path / ".sandbox" / "run" / "logs"
    logs.mkdir(parents=True)
    stale = logs / "eu-west-1-preview.jsonl"
    stale.write_text(stream(delete(QUEUE, "old")))
    os.utime(stale, (1000, 1000))
    asked = []

    def previews(project: Path, only: str | None, _console: object) -> int:
        asked.append((project, only))
        if only is None:
            (logs / "us-east-1-preview.jsonl").write_text(stream(create(QUEUE, "new")))
        return 1

    monkeypatch.setattr(command, "preview_in_sandbox", previews)
    done = run("local", "--project", str(tmp_path), "--into", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert asked == [(tmp_path, None)] and "us-east-1: 1 to create" in done.output
    note = (tmp_path / "out" / "note.md").read_text()
    assert "There is no preview of `eu-west-1`, `sa-east-1`, `staging`" in note and "`old`" not in note
    nothing = run("local", "--stack", "eu-west-1", "--project", str(tmp_path), "--into", str(tmp_path / "out"))
    assert nothing.exit_code == 1 and "no preview came to be" in nothing.output
