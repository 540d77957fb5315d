"""Where the engine comes from: PATH, the cache, or a build that is whole or not there."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sandbox.engine import build
from sandbox.go import Step

GO = """#!/bin/sh
echo "$@" >> "{log}"
case "$1" in
list) echo "go: downloading example.com/a v1.0.0"; echo first; echo second; echo third;;
build) for last in "$@"; do :; done
    echo first; echo second; sleep 0.3
    while [ $# -gt 1 ]; do if [ "$1" = -o ]; then printf '#!/bin/sh\\necho v{version}\\n' > "$2"; chmod +x "$2"; fi; shift; done;;
esac
"""
FAILING_GO = "#!/bin/sh\necho 'verifying example.com/a@v1.0.0: checksum mismatch'\nexit 1\n"


def script(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without engine, Go or cache; programs put into `bin` are on PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def fake_go(machine: Path) -> Path:
    log = machine / "go.log"
    script(machine / "bin" / "go", GO.format(log=log, version=build.pinned()))
    return log


def test_the_pinned_version_is_read_from_the_module(nothing: Path) -> None:
    assert build.pinned() == "3.246.0"


@pytest.mark.parametrize("version", ["3.246.0", "3.300.1", "4.0.0", "3.247.0-alpha.1"])
def test_a_recent_pulumi_on_path_is_used(nothing: Path, version: str) -> None:
    engine = script(nothing / "bin" / "pulumi", f"#!/bin/sh\necho v{version}\n")
    assert build.find_or_build(lambda _step: None) == engine


def test_an_older_pulumi_is_passed_over_and_ours_built(nothing: Path) -> None:
    script(nothing / "bin" / "pulumi", "#!/bin/sh\necho v3.245.9\n")
    fake_go(nothing)
    engine = build.find_or_build(lambda _step: None)
    assert str(engine).startswith(str(nothing / "cache"))
    assert build.version(engine) == "3.246.0"


def test_the_sandboxs_own_pulumi_is_not_taken_for_an_engine(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(nothing / ".sandbox" / "bin" / "pulumi", "#!/bin/sh\necho v9.9.9\n")
    monkeypatch.setenv("PATH", f"{nothing / '.sandbox' / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(build.EngineError):
        build.find_or_build(lambda _step: None)


def test_without_go_and_pulumi_one_error_says_what_to_install(nothing: Path) -> None:
    with pytest.raises(build.EngineError) as told:
        build.find_or_build(lambda _step: None)
    assert "neither `pulumi` 3.246.0 or newer nor Go 1.25 or newer is on PATH" in str(told.value)
    assert "https://www.pulumi.com/docs/install/" in str(told.value) and "https://go.dev/dl/" in str(told.value)


def test_a_build_reports_its_progress_and_is_made_once(nothing: Path) -> None:
    log = fake_go(nothing)
    steps: list[Step] = []
    engine = build.find_or_build(steps.append)
    assert [path.name for path in engine.parent.iterdir()] == ["pulumi"]
    assert steps[0].doing == "downloading modules" and steps[0].done == 1
    assert [(step.done, step.of) for step in steps if step.doing == "compiling packages"] == [(1, 3), (2, 3)]
    calls = log.read_text()
    assert build.find_or_build(steps.append) == engine
    assert log.read_text() == calls
    assert calls.count("-mod=readonly") == 2
    assert "version.Version=v3.246.0" in calls


def test_two_builds_at_once_make_one(nothing: Path) -> None:
    log = fake_go(nothing)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(build.find_or_build(lambda _step: None))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert log.read_text().count("build ") == 1


def test_a_failed_build_leaves_nothing_and_shows_the_last_words_of_go(nothing: Path) -> None:
    script(nothing / "bin" / "go", FAILING_GO)
    with pytest.raises(build.EngineError, match="checksum mismatch"):
        build.find_or_build(lambda _step: None)
    assert not [path for path in (nothing / "cache").rglob("pulumi*") if path.is_file()]


def test_a_build_that_is_killed_leaves_no_engine_behind(nothing: Path) -> None:
    fake_go(nothing)
    tell = "lambda step: print(step, flush=True) if step.doing.startswith('comp') else None"
    code = f"from sandbox.engine import build\nbuild.find_or_build({tell})"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    child.kill()
    child.wait()
    seen: list[Step] = []
    engine = build.find_or_build(seen.append)
    assert seen, "the killed build must not count"
    assert build.version(engine) == "3.246.0"
