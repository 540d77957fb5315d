"""Seconds and memory of a command are those of all that it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench.measure import run

_CHILD = "import time; block = bytearray(120 << 20); time.sleep(0.6)"


def test_the_memory_of_children_counts(tmp_path: Path) -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_CHILD!r}], check=True); print('done')"
    measured = run([sys.executable, "-c", parent], cwd=tmp_path, env=os.environ)
    assert measured.peak_mib > 120
    assert measured.seconds >= 0.6
    assert measured.output == "done\n"


def test_a_failing_command_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run([sys.executable, "-c", "import sys; sys.exit('no such region')"], cwd=tmp_path, env=os.environ)
    assert "no such region" in "".join(caught.value.__notes__)
