"""States are read as the engine writes them, and accounts as the stack files name them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import stacks
from sandbox.paths import Home

STACK_URN = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"


def resource(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::demo::{kind}::{name}", "type": kind, "custom": True, "id": f"{name}-id", "outputs": {}, **more}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    return Home(tmp_path)


def write(home: Home, *resources: dict[str, Any]) -> Path:
    path = stacks.state_path(home, "dev")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "organization/demo/dev", "latest": {"resources": list(resources)}}}))
    return path


def test_only_what_is_in_the_cloud_counts_as_a_resource(home: Home) -> None:
    write(
        home,
        {"urn": STACK_URN, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": {"a": 1}},
        resource("pulumi:providers:aws", "default"),
        resource("pulumi:pulumi:StackReference", "hub", external=True),
        {"urn": "urn:c", "type": "demo:index:Group", "custom": False},
        resource("aws:ec2/vpc:Vpc", "net"),
        resource("aws:ec2/vpc:Vpc", "looked-up", external=True),
    )
    state = stacks.state(home, "dev")
    assert state is not None
    assert [(item.type, item.id, item.service) for item in state.resources] == [("aws:ec2/vpc:Vpc", "net-id", "ec2")]
    assert state.outputs == {"a": 1}


def test_secret_exports_are_hidden_also_inside_others(home: Home) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    outputs = {"plain": "x", "hidden": secret, "deep": {"list": [1, secret]}}
    write(home, {"urn": STACK_URN, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": outputs})
    state = stacks.state(home, "dev")
    assert state is not None
    assert state.outputs == {"plain": "x", "hidden": "[secret]", "deep": {"list": [1, "[secret]"]}}


def test_a_stack_that_was_never_made_has_no_state_and_a_broken_one_is_an_error(home: Home) -> None:
    assert stacks.state(home, "dev") is None
    write(home).write_text('{"version": 3, "check')
    with pytest.raises(stacks.StackError, match=r"the state of dev cannot be read"):
        stacks.state(home, "dev")


def test_unprotecting_changes_nothing_else(home: Home) -> None:
    path = write(home, resource("aws:s3/bucket:Bucket", "a", protect=True), resource("aws:s3/bucket:Bucket", "b"))
    before = json.loads(path.read_text())
    assert stacks.unprotect(home, "dev") == 1
    after = json.loads(path.read_text())
    assert before["checkpoint"]["latest"]["resources"][0].pop("protect")
    assert before == after
    assert stacks.unprotect(home, "dev") == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('aws:allowedAccountIds: ["111122223333"]', "111122223333"),
        ("aws:allowedAccountIds: [111122223333]", "111122223333"),
        ('aws:allowedAccountIds: ["111122223333", "444455556666"]', stacks.DEFAULT_ACCOUNT),
        ("aws:allowedAccountIds: [abc]", stacks.DEFAULT_ACCOUNT),
        ("aws:region: eu-west-1", stacks.DEFAULT_ACCOUNT),
    ],
)
def test_the_emulated_cloud_acts_in_the_account_that_the_stack_may_touch(home: Home, line: str, expected: str) -> None:
    (home.project / "Pulumi.dev.yaml").write_text(f"config:\n  {line}\n")
    assert stacks.account(home.project, "dev") == expected


@pytest.mark.parametrize("content", ["", "config:", "config: [1]", "a: [", "- 1"])
def test_a_broken_stack_file_is_left_to_the_program_to_complain_about(home: Home, content: str) -> None:
    (home.project / "Pulumi.dev.yaml").write_text(content)
    assert stacks.settings(home.project, "dev") == {}
    assert stacks.account(home.project, "dev") == stacks.DEFAULT_ACCOUNT


def test_a_folder_without_a_project_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(stacks.StackError, match=r"Pulumi\.yaml is not a Pulumi project"):
        stacks.project_name(tmp_path)
