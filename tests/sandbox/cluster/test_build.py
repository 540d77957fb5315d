"""Where the programs of a control plane come from: the cache, or a build that is whole or not there."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config.load import ROOT
from config.support import versions
from sandbox.cluster import build
from sandbox.cluster.build import ClusterBuildError
from sandbox.go import Step
from tests.sandbox.engine.test_build import script

GO = """#!/bin/sh
echo "$(cat /proc/$$/stat | cut -d' ' -f19) $@" >> "{log}"
case "$1 $3" in
"list -m") echo "{machine}/kwok";;
"list -deps") echo "go: downloading example.com/a v1.0.0"; echo first; echo second;;
"build -v") echo first; sleep 0.05
    while [ $# -gt 1 ]; do if [ "$1" = -o ]; then printf '#!/bin/sh\\n' > "$2"; chmod +x "$2"; fi; shift; done;;
esac
"""
NAMES = {"etcd", "kwok", "kubectl", "kube-apiserver", "kube-controller-manager", "kube-scheduler"}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without programs, cache or Go."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def fake_go(machine: Path) -> Path:
    """A Go that builds empty scripts, and notes its niceness and arguments; its kwok ships stages."""
    for name in (*build._STAGES, *build._STAGES_OF_ENDS):
        path = machine / "kwok" / "kustomize" / "stage" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"name: {path.stem}\n")
    log = machine / "go.log"
    script(machine / "bin" / "go", GO.format(log=log, machine=machine))
    return log


def test_the_pinned_kubernetes_is_the_one_that_the_estate_runs() -> None:
    minor = build.version().rpartition(".")[0]
    assert minor in versions("EKS")
    assert f'version: "{minor}"' in (ROOT / "config" / "estate.yaml").read_text()


def test_every_module_is_pinned_with_its_checksums() -> None:
    for module in ("k8s", "kwok", "etcd"):
        assert (build.TOOLS / module / "go.sum").read_text().count(" h1:") > 100
    assert build.pinned("kwok", "sigs.k8s.io/kwok") and build.pinned("etcd", "go.etcd.io/etcd/server/v3")
    with pytest.raises(ClusterBuildError, match=r"pins no example\.com/none"):
        build.pinned("etcd", "example.com/none")


def test_without_go_one_error_says_what_to_install_and_what_works_without(machine: Path) -> None:
    with pytest.raises(ClusterBuildError) as told:
        build.find_or_build(lambda _step: None)
    assert f"Kubernetes {build.version()}" in str(told.value)
    assert "Install Go 1.26 or newer (https://go.dev/dl/)" in str(told.value)
    assert "`make up` works without a cluster too" in str(told.value)


def test_a_build_is_gentle_reports_its_progress_and_is_made_once(machine: Path) -> None:
    log = fake_go(machine)
    assert build.find() is None
    steps: list[Step] = []
    programs = build.find_or_build(steps.append)
    assert {path.name for path in programs.folder.iterdir()} == {*NAMES, "stages.yaml"}
    assert Step("etcd, compiling packages", 1, 2) in steps
    assert any(step.doing == "kube-apiserver, downloading modules" and step.of > 100 for step in steps)
    calls = log.read_text().splitlines()
    built = [call for call in calls if " build " in call]
    assert len(built) == len(NAMES)
    assert all(" -mod=readonly " in call for call in calls)
    assert all(int(call.split()[0]) >= 15 and " -p=2 " in call for call in built)
    assert sum(f"version.gitVersion=v{build.version()}" in call for call in built) == 4
    assert build.find_or_build(steps.append) == programs == build.find()
    assert log.read_text().splitlines() == calls


def test_the_stages_of_kwok_are_kept_beside_the_programs(machine: Path) -> None:
    fake_go(machine)
    stages = build.find_or_build(lambda _step: None).stages.read_text()
    assert stages.split("---\n")[0] == "name: node-initialize\n"
    assert "name: pod-ready\n" in stages and "name: pod-delete\n" in stages


def test_two_builds_at_once_make_one_of_each(machine: Path) -> None:
    log = fake_go(machine)
    threads = [threading.Thread(target=build.find_or_build, args=(lambda _step: None,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.read_text().count(" build ") == len(NAMES)


def test_a_failed_build_leaves_nothing_and_shows_the_last_words_of_go(machine: Path) -> None:
    script(machine / "bin" / "go", "#!/bin/sh\necho 'verifying example.com/a@v1.0.0: checksum mismatch'\nexit 1\n")
    with pytest.raises(ClusterBuildError, match="checksum mismatch"):
        build.find_or_build(lambda _step: None)
    assert build.find() is None
    assert not [path for path in build.target().iterdir() if path.is_file()]


def test_a_build_that_is_killed_is_taken_up_where_it_was(machine: Path) -> None:
    log = fake_go(machine)
    code = "from sandbox.cluster import build\nbuild.find_or_build(lambda step: print(step.doing, flush=True))"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    for line in child.stdout or ():
        if line.startswith("kwok, compiling"):
            break
    child.kill()
    child.wait()
    assert build.find() is None
    before = log.read_text().count("go.etcd.io/etcd/server/v3")
    assert build.find_or_build(lambda _step: None) == build.find()
    assert log.read_text().count("go.etcd.io/etcd/server/v3") == before == 2
