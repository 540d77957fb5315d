"""Runs a Pulumi program under the SDK of its own environment; the language host starts this file with that environment's Python.

It imports nothing but the standard library and `pulumi`. Exit codes: 0 done; 32 failed and the person was told; others as the program set.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOLD = 32
_ENGINE_LEFT = ("Resource monitor has terminated", "client connection is closing")
"""What a call under way is answered when the engine has ended the run for another reason, which it tells by itself."""
_PARTITION = "aws:index/getPartition:getPartition"


def main() -> int:
    """Runs the program named on the command line and gives the exit code."""
    arguments = _arguments()
    # The engine interrupts a program that it no longer needs. To end at once and in silence is what it waits for: a traceback would
    # look like a failure of the program, and a Python handler would run only when the main thread next does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _follow_parent()
    try:
        import pulumi
        import pulumi.runtime
        import pulumi.runtime.stack
    except ImportError as error:
        sys.stderr.write(f"{error}: the Pulumi SDK is missing in {sys.executable}\n")
        return 1

    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=arguments.monitor,
            engine=arguments.engine,
            project=arguments.project,
            stack=arguments.stack,
            parallel=arguments.parallel,
            dry_run=arguments.dry_run == "true",
            organization=arguments.organization,
            root_directory=arguments.root_directory,
        )
    )
    threading.Thread(target=_wake_provider, name="wake-provider", daemon=True).start()
    os.chdir(arguments.pwd)
    sys.argv = [arguments.program, *arguments.rest]

    pulumi.runtime.stack.wait_for_rpcs = _wait_for_rpcs
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(arguments.parallel, 1) * 4)
    loop.set_default_executor(executor)
    # After a failure part of the graph is never awaited; asyncio's complaints about that would bury the cause.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _run_file(arguments.program)))
    except pulumi.RunError as error:
        if not _engine_left(error):
            pulumi.log.error(str(error))
        return TOLD
    except Exception as error:
        if _engine_left(error):
            return TOLD
        pulumi.log.error("Program failed with an unhandled exception:\n" + _own_frames(error, arguments.program))
        return TOLD
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _engine_left(error: Exception) -> bool:
    return any(words in str(error) for words in _ENGINE_LEFT)


def _wake_provider() -> None:
    """Has the engine start the stack's AWS provider while the program still loads its own modules: it will be asked for anyway.

    A constant of AWS is asked for, with the version the SDK asks for, so that it is the very provider of the program's resources.
    """
    import pulumi

    if not any(key.startswith("aws:") for key in pulumi.runtime.get_config_env()):
        return
    from importlib import metadata

    from pulumi.runtime.proto import resource_pb2

    with contextlib.suppress(Exception):
        # Whatever is wrong, the program's first resource will say it.
        version = metadata.version("pulumi_aws")
        monitor = pulumi.runtime.settings.get_monitor()
        assert monitor is not None  # noqa: S101 - configured above
        monitor.Invoke(resource_pb2.ResourceInvokeRequest(tok=_PARTITION, version=version, acceptResources=True))


async def _wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Waits until every registration and output is done, as the SDK's function of that name does.

    The SDK's goes through all outstanding outputs whenever one of them is done, which is quadratic in their number. This one looks again
    only when all are done or one failed.
    """
    from pulumi.runtime.settings import SETTINGS, _get_rpc_manager

    manager = _get_rpc_manager()
    while True:
        while manager.rpcs:
            await asyncio.sleep(0)
            try:
                await manager.rpcs.pop()
            except Exception as error:
                if manager.unhandled_exception is not None:
                    raise error from manager.unhandled_exception.with_traceback(manager.exception_traceback)
                raise
        if manager.unhandled_exception is not None:
            raise manager.unhandled_exception.with_traceback(manager.exception_traceback)
        while await_all_outstanding_tasks and SETTINGS.outputs:
            with SETTINGS.lock:
                outputs = list(SETTINGS.outputs)
                SETTINGS.outputs.clear()
            done, waiting = await asyncio.wait(outputs, return_when=asyncio.FIRST_EXCEPTION)
            with SETTINGS.lock:
                SETTINGS.outputs.update(waiting)
            for task in done:
                await task
        if not manager.rpcs:
            return


def _run_file(program: str) -> None:
    if Path(program).is_dir() and not Path(program, "__main__.py").exists():
        import pulumi

        raise pulumi.RunError(f"there is no program: {Path(program).resolve()} has no __main__.py")
    runpy.run_path(program, run_name="__main__")


def _own_frames(error: BaseException, program: str) -> str:
    """The traceback from the program's first frame on: what lies before it is the machinery of this file."""
    entry = os.path.abspath(program)  # noqa: PTH100 - Path.resolve would follow links, tracebacks do not
    if not entry.endswith(".py"):
        entry = os.path.join(entry, "__main__.py")  # noqa: PTH118
    frames = traceback.extract_tb(error.__traceback__)
    for index, frame in enumerate(frames):
        if os.path.abspath(frame.filename) == entry:  # noqa: PTH100
            return "".join(traceback.format_exception(error, limit=-(len(frames) - index)))
    if isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error))
    return "".join(traceback.format_exception(error))


def _follow_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("monitor", "engine", "project", "stack", "pwd", "organization", "root_directory"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--dry_run", required=True, choices=("true", "false"))
    parser.add_argument("--parallel", required=True, type=int)
    parser.add_argument("program")
    parser.add_argument("rest", nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
