"""The commands a person types, run on the real engine and the emulated cloud."""

import json
import re
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from sandbox.provider.registry import support
from tests.kit.project import ACCOUNTS, Project, alive, wait_for

pytestmark = pytest.mark.sandbox


def state_of(demo: Project, stack: str) -> dict[str, object]:
    described: dict[str, object] = json.loads((demo.folder / f".sandbox/state/.pulumi/stacks/demo/{stack}.json").read_text())
    return described


def test_up_brings_every_stack_up_and_a_second_one_changes_nothing(demo: Project) -> None:
    first = demo.succeed("up")
    for stack in ACCOUNTS:
        assert demo.in_the_cloud(stack) == demo.expected(stack)
    assert re.search(r"resources +│ +8 │ +8 │ +8 │ +24", first)
    for token in ("aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:iam/role:Role"):
        assert (f"{token} (6)" in first) == (support(token) != "held"), "what is not held is named"
    assert re.search(r"hub +arn:aws:s3:::demo-hub-g1", first)
    assert "hush" not in first and "[secret]" in first
    second = demo.succeed("up")
    assert "no change" in second
    assert "created" not in second and "updated" not in second


def test_status_tells_machines_where_everything_is(demo: Project) -> None:
    assert demo.status == {"endpoint": None, "stacks": {}}
    demo.succeed("up", "--stack", "hub")
    described = demo.status
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", described["endpoint"])
    assert list(described["stacks"]) == ["hub"]
    hub = described["stacks"]["hub"]
    assert hub["kubeconfig"] is None
    assert hub["resources"] == 8 == hub["held"] + hub["partly"] + hub["recorded"]
    assert json.loads(Path(hub["state"]).read_text())["version"] == 3


def test_down_leaves_no_resource_and_no_process(demo: Project) -> None:
    demo.succeed("up")
    cloud = demo.processes("cloud")
    output = demo.succeed("down", "--keep-cloud")
    assert "deletion protection is lifted" in output
    assert demo.processes("cloud") == cloud
    demo.succeed("env")
    for stack in ACCOUNTS:
        assert demo.in_the_cloud(stack) == {"buckets": [], "roles": [], "keys": []}
    demo.succeed("down")
    assert not alive(cloud[0])
    assert not list((demo.folder / ".sandbox/run/processes").glob("*.json"))
    here = str(demo.folder)
    assert not [process for process in psutil.process_iter() if alive(process) and here in " ".join(process.cmdline())]


def test_down_frees_what_is_protected(demo: Project) -> None:
    program = (demo.folder / "__main__.py").read_text()
    demo.write(program.replace("parent=self)", "parent=self, protect=True)"))
    demo.succeed("up", "--stack", "hub")
    assert "lose their `protect` mark" in demo.succeed("down", "--keep-cloud")
    demo.succeed("env")
    assert demo.in_the_cloud("hub") == {"buckets": [], "roles": [], "keys": []}


def test_preview_shows_changes_and_makes_none(demo: Project) -> None:
    output = demo.succeed("preview", "--stack", "hub")
    assert "8 create" in output
    assert demo.in_the_cloud("hub") == {"buckets": [], "roles": [], "keys": []}
    demo.succeed("up", "--stack", "hub")
    assert "hub: no change" in demo.succeed("preview", "--stack", "hub")
    demo.write(words="other")
    assert re.search(r"~ aws:kms/key:Key g0-key +\(description\)", demo.succeed("preview", "--stack", "hub"))


def test_a_preview_that_fails_creates_nothing(demo: Project) -> None:
    demo.write(demo.folder.joinpath("__main__.py").read_text() + "\nraise pulumi.RunError('Pulumi.hub.yaml: demo:groups: too many')\n")
    done = demo.run("up")
    assert done.returncode == 1
    assert "✘ hub Pulumi.hub.yaml: demo:groups: too many" in done.stdout
    assert "hub: nothing was changed" in done.stdout
    assert "not begun: west, south" in done.stdout
    assert "Traceback" not in done.stdout
    assert demo.in_the_cloud("hub") == {"buckets": [], "roles": [], "keys": []}


def test_a_program_that_raises_shows_its_own_frames_and_nothing_else(demo: Project) -> None:
    demo.write("import pulumi\n\ndef deep():\n    raise ValueError('no such zone')\n\ndeep()\n")
    done = demo.run("up", "--stack", "hub")
    shown = done.stdout[done.stdout.index("Traceback") : done.stdout.index("hub: failed")]
    assert re.findall(r'File "(.*?)", line \d+, in (\S+)', shown) == [
        (f"{demo.folder}/__main__.py", "<module>"),
        (f"{demo.folder}/__main__.py", "deep"),
    ]
    assert shown.rstrip().endswith("ValueError: no such zone")


def test_refresh_shows_what_others_changed_and_up_puts_it_right(demo: Project) -> None:
    demo.succeed("up", "--stack", "hub")
    iam = demo.boto("iam", "hub")
    iam.delete_role_policy(RoleName="demo-hub-g0", PolicyName=iam.list_role_policies(RoleName="demo-hub-g0")["PolicyNames"][0])
    assert re.search(r"- aws:iam/rolePolicy:RolePolicy g0-policy", demo.succeed("refresh", "--stack", "hub"))
    demo.succeed("up", "--stack", "hub")
    assert len(iam.list_role_policies(RoleName="demo-hub-g0")["PolicyNames"]) == 1


def test_a_second_command_is_told_who_holds_the_sandbox(demo: Project) -> None:
    first = demo.start("up")
    wait_for(lambda: demo.processes("engine"))
    second = demo.run("up")
    assert second.returncode == 1
    assert f"`make up` is working on the sandbox: process {first.pid}, since" in second.stdout
    output, _ = first.communicate(timeout=120)
    assert first.returncode == 0, output


def test_interrupting_stops_cleanly_and_says_what_is_pending(demo: Project) -> None:
    demo.write(groups=24)
    demo.succeed("env")
    set_faults(demo, {"match": "*", "kind": "delay", "seconds": 0.4})
    running = demo.start("up", "--stack", "hub")
    wait_for(lambda: demo.in_the_cloud("hub")["roles"])
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 130, output
    assert "stopping: the engine ends what it is doing" in output
    assert re.search(r"hub: \d+ of \d+ steps done, \d+ pending", output)
    assert "`make up` goes on from here" in output
    assert "Traceback" not in output and "✘" not in output
    assert not demo.processes("engine") and not demo.processes("provider")
    set_faults(demo)
    demo.succeed("up", "--stack", "hub")
    assert demo.in_the_cloud("hub") == demo.expected("hub", groups=24)


def test_an_unknown_stack_is_named_with_those_that_are(demo: Project) -> None:
    done = demo.run("up", "--stack", "mars")
    assert done.returncode == 1
    assert "there is no Pulumi.mars.yaml; the stacks are hub, south, west" in done.stdout


def test_plain_pulumi_works_in_the_environment_and_leaves_the_project_untouched(demo: Project) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    (demo.folder / ".gitignore").write_text(".sandbox/\n__pycache__/\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], cwd=demo.folder, check=True)
    commands = (
        "pulumi preview -s hub --non-interactive",
        "pulumi up -s hub --yes --non-interactive",
        "pulumi stack select hub && pulumi up --yes --non-interactive --expect-no-changes",
        "pulumi refresh -s hub --yes --non-interactive",
        "pulumi stack export -s hub",
        "pulumi stack output -s hub --show-secrets --json",
        "pulumi config -s hub",
        "pulumi destroy -s hub --yes --non-interactive",
    )
    for command in commands:
        done = demo.shell(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "warning" not in done.stdout + done.stderr, done.stdout + done.stderr
        if "output" in command:
            assert json.loads(done.stdout) == {"bucket": "arn:aws:s3:::demo-hub-g1", "secret": "hush"}
    unchanged = subprocess.run(["git", "status", "--porcelain"], cwd=demo.folder, capture_output=True, text=True, check=True)
    assert unchanged.stdout == ""


def test_secrets_are_encrypted_in_the_state(demo: Project) -> None:
    demo.succeed("up", "--stack", "hub")
    state = demo.folder / ".sandbox/state/.pulumi/stacks/demo/hub.json"
    assert "hush" not in state.read_text()
    assert (demo.folder / ".sandbox/passphrase").stat().st_mode & 0o777 == 0o600


def set_faults(demo: Project, *rules: dict[str, object]) -> None:
    from sandbox.cloud import control

    control.ask(int(demo.endpoint.rpartition(":")[2]), "POST", "faults", {"rules": rules})
