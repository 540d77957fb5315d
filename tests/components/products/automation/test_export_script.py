"""Runs the script with a stand-in for AWS's command line that writes down what it is asked."""

import os
import subprocess
from pathlib import Path

import pytest

from components.products.automation.export_script import FOLDER, upload_script

AWS = """\
#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in
  "s3 ls") [ -n "$BEFORE" ] || exit 1; echo "2026-01-01 00:00:00 10 1.json" ;;
  "s3 sync") exit "${SYNC:-0}" ;;
esac
"""


class Place:
    """A folder of exports, and what was asked of AWS."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "bin").mkdir()
        (root / "bin" / "aws").write_text(AWS)
        (root / "bin" / "aws").chmod(0o755)

    def exported(self, part: str, count: int) -> None:
        (self.root / "export" / part).mkdir(parents=True)
        for number in range(count):
            (self.root / "export" / part / f"{number}.json").write_text("{}")

    def run(self, **told: str) -> subprocess.CompletedProcess[str]:
        script = upload_script().replace(FOLDER, str(self.root / "export"))
        environment = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "CALLS": str(self.root / "calls"),
            "BUCKET": "backups",
            "STACK": "morefocus-prod-use1",
            "BEFORE": "",
            **told,
        }
        return subprocess.run(["/bin/sh", "-ec", script], env=environment, capture_output=True, text=True, check=False)

    @property
    def calls(self) -> list[str]:
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_everything_is_copied_counted_and_told_of(place: Place) -> None:
    place.exported("workflows", 3)
    place.exported("credentials", 2)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert "exported 3 workflows and 2 credentials" in done.stdout
    assert place.calls == [
        f"s3 sync {place.root}/export/ s3://backups/n8n/ --delete --no-progress",
        "cloudwatch put-metric-data --namespace MoreFocus/Automation --metric-name WorkflowExports "
        "--dimensions Stack=morefocus-prod-use1 --value 1 --unit Count",
    ]


@pytest.mark.parametrize("missing", ["workflows", "credentials"])
def test_a_folder_that_n8n_never_made_is_a_fault(place: Place, missing: str) -> None:
    place.exported("workflows" if missing == "credentials" else "credentials", 1)
    done = place.run()
    assert done.returncode != 0
    assert f"no folder of {missing}" in done.stderr
    assert not place.calls


def test_none_at_all_where_there_were_some_marks_nothing_deleted(place: Place) -> None:
    place.exported("workflows", 0)
    place.exported("credentials", 0)
    done = place.run(BEFORE="yes")
    assert done.returncode != 0
    assert not [each for each in place.calls if each.startswith("s3 sync")]


def test_a_new_n8n_has_nothing_to_export_and_that_is_well(place: Place) -> None:
    place.exported("workflows", 0)
    place.exported("credentials", 0)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert "exported 0 workflows and 0 credentials" in done.stdout


def test_a_copy_that_fails_is_not_told_as_done(place: Place) -> None:
    place.exported("workflows", 1)
    place.exported("credentials", 1)
    assert place.run(SYNC="1").returncode != 0
    assert not [each for each in place.calls if each.startswith("cloudwatch")]
