"""The engine's Python language host: runs programs and Python-written plugins on the engine's behalf.

Pulumi's own host comes with its official download only, not as a Go module, so an engine built from source needs this one. It answers
all that the engine calls while it previews, applies, refreshes, destroys, and describes a project; the RPCs that generate code
(`pulumi convert`, `pulumi package gen-sdk`) stay unimplemented, which gRPC says by itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from sandbox.engine import children
from sandbox.engine.interpreter import InterpreterError, interpreter
from sandbox.protos import language_pb2, language_pb2_grpc, plugin_pb2
from sandbox.signals import Farewell

_PROGRAM = Path(__file__).with_name("program.py")
_TOLD = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """LanguageRuntime for Python. One engine, any number of concurrent calls."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._children = children.Children()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The engine introduces itself; its address replaces the one of the command line."""
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The host follows the engine it was written for."""
        return plugin_pb2.PluginInfo(version="3.246.0")

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:
        """None in advance: each resource names its plugin and version when it is registered.

        The engine would else look for (and try to download) a plugin for every Pulumi package that happens to be installed.
        """
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: grpc.ServicerContext) -> Any:
        """None in advance, as `GetRequiredPackages`."""
        return language_pb2.GetRequiredPluginsResponse()

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Runs the program to its end. What it prints goes to the engine through this process's own output."""
        try:
            command = self._command(request)
        except InterpreterError as error:
            return language_pb2.RunResponse(error=str(error))
        environment = os.environ | {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        code = self._children.run(command, "program", environment)
        if code == 0:
            return language_pb2.RunResponse()
        # The engine interrupts host and program together: that is no failure of the program.
        if code in (_TOLD, -signal.SIGINT) or self._children.stopping:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=_ending(code))

    def RunPlugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Runs a plugin written in Python (a policy pack, a component provider) and streams what it prints."""
        folder = request.info.program_directory
        try:
            python = interpreter(request.info.root_directory or folder, request.info.options)
        except InterpreterError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        environment = dict(item.partition("=")[::2] for item in request.env) or dict(os.environ)
        if request.kind == "analyzer":
            # The SDK's own entry for policy packs takes the pack's folder last, and imports the pack's modules from there.
            command, pwd = ["-m", "pulumi.policy", *request.args, folder], folder
        else:
            command, pwd = [str(Path(folder, request.info.entry_point)), *request.args], request.pwd
        plugin = self._children.start([python, "-u", *command], "plugin", environment, folder=pwd, capture=True)
        # The engine ends a plugin by ending this call.
        context.add_callback(lambda: self._children.stop(plugin))
        for stream, data in children.output(plugin):
            if stream == "stdout":
                yield language_pb2.RunPluginResponse(stdout=data)
            else:
                yield language_pb2.RunPluginResponse(stderr=data)
        yield language_pb2.RunPluginResponse(exitcode=plugin.wait())
        self._children.forget(plugin)

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Which Python runs the program (`pulumi about`)."""
        python = self._python(request.info, context)
        version = _ask(python, "import platform; print(platform.python_version())").strip()
        return language_pb2.AboutResponse(executable=python, version=version, metadata={"host": "sandbox"})

    def GetProgramDependencies(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Distributions in the program's environment; without `transitiveDependencies` those that no other one requires."""
        python = self._python(request.info, context)
        found = json.loads(_ask(python, _LIST_DISTRIBUTIONS))
        needed = {name for entry in found for name in entry["requires"]}
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=entry["name"], version=entry["version"])
                for entry in found
                if request.transitiveDependencies or entry["key"] not in needed
            ]
        )

    def InstallDependencies(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Nothing is installed behind the lock file's back: says how the environment is made."""
        yield language_pb2.InstallDependenciesResponse(
            stdout=b"The environment is installed from requirements.lock, with hashes, by `make .venv/installed`.\n"
        )

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Nothing to ask."""
        return language_pb2.RuntimeOptionsResponse()

    def Template(self, request: Any, context: grpc.ServicerContext) -> Any:
        """A new project from a template needs nothing from the host."""
        return language_pb2.TemplateResponse()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Ends what runs."""
        self.stop()
        from google.protobuf.empty_pb2 import Empty

        return Empty()

    def stop(self) -> None:
        """Ends every program and plugin of this host."""
        self._children.stop_all()

    def _command(self, request: Any) -> list[str]:
        info = request.info
        # Not Python's usual first path entry, this package's folder: the program must meet its own modules only.
        return [
            interpreter(info.root_directory, info.options),
            *("-u", "-P", str(_PROGRAM)),
            *("--monitor", request.monitor_address, "--engine", self._engine),
            *("--project", request.project, "--stack", request.stack),
            *("--organization", request.organization or "organization"),
            *("--pwd", info.program_directory, "--root_directory", info.root_directory),
            *("--dry_run", "true" if request.dryRun else "false", "--parallel", str(request.parallel)),
            *("--", info.entry_point or ".", *request.args),
        ]

    def _python(self, info: Any, context: grpc.ServicerContext) -> str:
        try:
            return interpreter(info.root_directory, info.options)
        except InterpreterError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            raise


_LIST_DISTRIBUTIONS = """
import importlib.metadata, json, re
def key(name): return re.sub(r"[-_.]+", "-", name).lower()
def requires(dist):
    return [key(re.match(r"[A-Za-z0-9._-]+", r).group()) for r in dist.requires or () if "extra ==" not in r]
found = {key(d.name): d for d in importlib.metadata.distributions() if d.name}
print(json.dumps([{"key": k, "name": d.name, "version": d.version, "requires": requires(d)} for k, d in sorted(found.items())]))
"""


def _ask(python: str, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout


def _ending(code: int) -> str:
    if code < 0:
        return f"Program was ended by {signal.Signals(-code).name}"
    return f"Program exited with non-zero exit code: {code}"


def main() -> None:
    """Serves on loopback; the port is the first line printed, the engine's address the last argument."""
    host = LanguageHost(sys.argv[-1])
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    farewell = Farewell()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    farewell.wait()
    host.stop()
    server.stop(grace=0.2).wait()


if __name__ == "__main__":
    main()
