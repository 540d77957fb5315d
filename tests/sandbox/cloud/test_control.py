"""Starting, finding and ending the emulated cloud."""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox.cloud import control
from sandbox.paths import Home
from tests.kit.project import alive, wait_for


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    control.stop(made)


def test_the_cloud_is_started_once_and_found_again(home: Home) -> None:
    assert control.find(home) is None
    first = control.start(home)
    assert control.start(home) == first == control.find(home)
    described = control.ask(first.port, "GET", "instance")
    assert (described["instance"], described["pid"]) == (first.instance, first.process.pid)


def test_it_listens_on_loopback_only(home: Home) -> None:
    cloud = control.start(home)
    listening = [item.laddr for item in psutil.Process(cloud.process.pid).net_connections("tcp") if item.status == psutil.CONN_LISTEN]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", cloud.port)]


def test_after_a_kill_another_comes_up_at_the_same_address_with_another_memory(home: Home) -> None:
    first = control.start(home)
    psutil.Process(first.process.pid).kill()
    second = control.start(home)
    assert second.port == first.port
    assert second.instance != first.instance


def test_an_address_that_is_taken_gives_way_to_a_free_one(home: Home) -> None:
    first = control.start(home)
    control.stop(home)
    with socket.create_server(("127.0.0.1", first.port)):
        assert control.start(home).port != first.port


def test_ending_it_ends_the_process_and_nothing_else(home: Home) -> None:
    cloud = control.start(home)
    process = psutil.Process(cloud.process.pid)
    assert control.stop(home)
    assert not alive(process)
    assert control.find(home) is None
    assert not control.stop(home)


def test_a_note_about_another_process_is_not_believed(home: Home) -> None:
    cloud = control.start(home)
    note = json.loads(home.cloud.read_text())
    home.cloud.write_text(json.dumps(note | {"started": "before"}))
    assert control.find(home) is None
    home.cloud.write_text(json.dumps(note))
    assert control.find(home) == cloud


def test_a_cloud_that_cannot_start_says_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(home.project))
    (home.project / "moto").mkdir()
    (home.project / "moto" / "__init__.py").write_text("raise ImportError('no moto here')\n")
    with pytest.raises(control.CloudError, match="no moto here"):
        control.start(home)


def test_a_cloud_whose_sandbox_is_deleted_leaves(home: Home) -> None:
    process = psutil.Process(control.start(home).process.pid)
    shutil.rmtree(home.root)
    wait_for(lambda: not alive(process), 15)
