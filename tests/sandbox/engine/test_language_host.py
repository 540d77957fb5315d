"""The language host, called as the engine calls it."""

import itertools
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf import empty_pb2

from sandbox.protos import language_pb2, language_pb2_grpc
from tests.kit.project import REPOSITORY, alive, wait_for


class Host:
    """A language host in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "sandbox/engine/launcher.py"), "language-host", str(folder / "sandbox"), "127.0.0.1:1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.call: Any = language_pb2_grpc.LanguageRuntimeStub(self.channel)
        self.folder = folder

    def info(self, **options: str) -> Any:
        made = language_pb2.ProgramInfo(root_directory=str(self.folder), program_directory=str(self.folder), entry_point=".")
        made.options.update(options)
        return made

    def request(self, **more: Any) -> Any:
        return language_pb2.RunRequest(
            project="demo",
            stack="dev",
            pwd=str(self.folder),
            monitor_address="127.0.0.1:1",
            parallel=2,
            dryRun=True,
            info=more.pop("info", self.info()),
            **more,
        )

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=20)
        return output


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path)
    yield made
    made.channel.close()
    if made.process.poll() is None:
        made.end()
    assert made.process.returncode == 0


def fake_python(folder: Path, body: str) -> None:
    """A virtual environment whose Python is a script, so that a program's ending can be chosen."""
    python = folder / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{body}\n")
    python.chmod(0o755)


def test_the_engine_is_greeted_and_told_of_no_plugins_to_download(host: Host) -> None:
    host.call.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:2"))
    assert host.call.GetPluginInfo(empty_pb2.Empty()).version == "3.246.0"
    assert not host.call.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=host.info())).packages
    assert not host.call.GetRequiredPlugins(language_pb2.GetRequiredPluginsRequest(info=host.info())).plugins


def test_a_program_gets_what_the_engine_says_about_the_run(host: Host, tmp_path: Path) -> None:
    fake_python(tmp_path, 'printf "%s\\n" "$@" > given; echo "$PULUMI_CONFIG" >> given; echo "$PULUMI_CONFIG_SECRET_KEYS" >> given')
    host.call.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:2"))
    request = host.request(
        info=host.info(virtualenv="env"), args=["one"], config={"demo:a": "1"}, configSecretKeys=["demo:a"], organization="org"
    )
    assert host.call.Run(request) == language_pb2.RunResponse()
    given = (tmp_path / "given").read_text().splitlines()
    named = dict(itertools.pairwise(given))
    assert named["--engine"] == "127.0.0.1:2"
    assert named["--monitor"] == "127.0.0.1:1"
    assert (named["--project"], named["--stack"], named["--organization"]) == ("demo", "dev", "org")
    assert (named["--dry_run"], named["--parallel"]) == ("true", "2")
    assert named["--root_directory"] == named["--pwd"] == str(tmp_path)
    assert given[given.index("--") + 1 :][:2] == [".", "one"]
    assert json.loads(given[-2]) == {"demo:a": "1"} and json.loads(given[-1]) == ["demo:a"]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("exit 0", language_pb2.RunResponse()),
        ("exit 32", language_pb2.RunResponse(bail=True)),
        ("exit 3", language_pb2.RunResponse(error="Program exited with non-zero exit code: 3")),
        ("kill -9 $$", language_pb2.RunResponse(error="Program was ended by SIGKILL")),
    ],
)
def test_how_a_program_ends_is_told_to_the_engine(host: Host, tmp_path: Path, body: str, answer: Any) -> None:
    fake_python(tmp_path, body)
    assert host.call.Run(host.request(info=host.info(virtualenv="env"))) == answer


def test_a_missing_virtual_environment_is_an_error_that_says_what_to_do(host: Host) -> None:
    answer = host.call.Run(host.request(info=host.info(virtualenv=".venv")))
    assert "Pulumi.yaml names the virtual environment '.venv'" in answer.error
    assert "make up" in answer.error


def test_what_a_program_prints_goes_to_the_engine(host: Host, tmp_path: Path) -> None:
    fake_python(tmp_path, "echo to the person; echo and this >&2")
    host.call.Run(host.request(info=host.info(virtualenv="env")))
    assert host.end() == "to the person\nand this\n"


def test_a_plugin_in_python_is_run_and_what_it_prints_streamed(host: Host, tmp_path: Path) -> None:
    program = """
        import os, sys
        print("4711", flush=True)
        print(os.getcwd(), sys.argv[1:], os.environ["WHO"], file=sys.stderr, flush=True)
        sys.exit(5)
    """
    (tmp_path / "__main__.py").write_text(textwrap.dedent(program))
    request = language_pb2.RunPluginRequest(
        pwd="/", args=["127.0.0.1:9"], env=["WHO=me", f"PATH={os.environ['PATH']}"], info=host.info(), kind="resource"
    )
    said: dict[str, bytes] = {"stdout": b"", "stderr": b""}
    code = None
    for answer in host.call.RunPlugin(request):
        kind = answer.WhichOneof("output")
        if kind == "exitcode":
            code = answer.exitcode
        else:
            said[kind] += getattr(answer, kind)
    assert said == {"stdout": b"4711\n", "stderr": b"/ ['127.0.0.1:9'] me\n"}
    assert code == 5


def test_a_policy_pack_is_run_by_the_sdks_own_entry_in_its_folder(host: Host, tmp_path: Path) -> None:
    fake_python(tmp_path, 'echo "$@"; pwd')
    request = language_pb2.RunPluginRequest(pwd="/", args=["127.0.0.1:9"], info=host.info(virtualenv="env"), kind="analyzer")
    said = b"".join(answer.stdout for answer in host.call.RunPlugin(request))
    assert said.decode() == f"-u -m pulumi.policy 127.0.0.1:9 {tmp_path}\n{tmp_path}\n"


def test_a_plugin_ends_when_the_engine_ends_the_call(host: Host, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("import time\nprint('1', flush=True)\ntime.sleep(60)\n")
    stream = host.call.RunPlugin(language_pb2.RunPluginRequest(pwd="/", info=host.info(), kind="resource"))
    assert next(stream).stdout.startswith(b"1")
    (plugin,) = host.children()
    stream.cancel()
    wait_for(lambda: not alive(plugin), 10)


def test_the_host_tells_about_the_python_and_its_distributions(host: Host) -> None:
    about = host.call.About(language_pb2.AboutRequest(info=host.info()))
    assert about.executable == sys.executable
    assert about.version == ".".join(map(str, sys.version_info[:3]))
    every = host.call.GetProgramDependencies(language_pb2.GetProgramDependenciesRequest(info=host.info(), transitiveDependencies=True))
    direct = host.call.GetProgramDependencies(language_pb2.GetProgramDependenciesRequest(info=host.info()))
    versions = {entry.name: entry.version for entry in every.dependencies}
    assert versions["pulumi"] == "3.272.0"
    assert "pulumi" not in {entry.name for entry in direct.dependencies}, "pulumi_aws requires it"
    assert "pulumi_aws" in {entry.name for entry in direct.dependencies}


def test_dependencies_are_left_to_the_lock_file(host: Host) -> None:
    said = b"".join(answer.stdout for answer in host.call.InstallDependencies(language_pb2.InstallDependenciesRequest(info=host.info())))
    assert b"requirements.lock" in said


def test_generating_code_is_said_to_be_unimplemented(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as told:
        host.call.GeneratePackage(language_pb2.GeneratePackageRequest())
    assert told.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("how", ["cancel", "interrupt"])
def test_stopping_ends_the_program_and_is_no_failure(host: Host, tmp_path: Path, how: str) -> None:
    fake_python(tmp_path, "exec sleep 60")
    answer = host.call.Run.future(host.request(info=host.info(virtualenv="env")))
    (program,) = wait_for(host.children)
    notes = list((tmp_path / "sandbox/run/processes").glob("*.json"))
    assert {json.loads(note.read_text())["role"] for note in notes} == {"language-host", "program"}
    began = time.monotonic()
    if how == "cancel":
        host.call.Cancel(empty_pb2.Empty())
        assert answer.result(10) == language_pb2.RunResponse(bail=True)
    else:
        assert host.end() == ""
    assert time.monotonic() - began < 4
    wait_for(lambda: not alive(program), 5)


def test_the_host_leaves_with_the_engine(tmp_path: Path) -> None:
    fake_python(tmp_path, "exec sleep 60")
    engine = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, {str(REPOSITORY / 'sandbox/engine/launcher.py')!r}, 'language-host', {str(tmp_path)!r}, 'x'],"
        " start_new_session=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", engine], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    (child,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(child), 10)
