"""Every framework in every format: the same bytes for the same verdicts, and no value of any property."""

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from policies.catalogue import PACKS
from policies.graph import Graph, Resource
from policies.values import UNKNOWN
from scripts.evidence.files import FORMATS, write_all
from tests.kit.evidence import ORIGIN, SMALL, small, verdicts_of
from tests.kit.policies import lone


@pytest.fixture(autouse=True)
def _commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.evidence.files.sources.origin", lambda framework, project: ORIGIN)


def test_each_framework_is_written_in_each_format_and_closed_gates_are_named(tmp_path: Path) -> None:
    closed = write_all(small(), tmp_path, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{framework}.{ending}" for framework in PACKS for ending in FORMATS}
    assert "gdpr" in closed and set(closed) <= set(PACKS)
    for framework in PACKS:
        passes = json.loads((tmp_path / f"{framework}.json").read_text())["passes"]
        assert passes is (framework not in closed)


def test_the_same_verdicts_are_the_same_bytes(tmp_path: Path) -> None:
    backwards = Graph([copy.deepcopy(each) for each in reversed(SMALL)])
    for folder, graph in (("one", lone(*SMALL)), ("two", backwards)):
        write_all(verdicts_of(graph), tmp_path / folder, tmp_path)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_formats_agree_on_what_is_violated(tmp_path: Path) -> None:
    write_all(small(), tmp_path, tmp_path)
    for framework in PACKS:
        whole = json.loads((tmp_path / f"{framework}.json").read_text())
        expected = {(each["id"], row["urn"]) for each in whole["controls"] for row in each["findings"] if row["verdict"] == "violation"}
        (run,) = json.loads((tmp_path / f"{framework}.sarif").read_text())["runs"]
        assert expected == {
            (each["ruleId"], each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
            for each in run["results"]
            if each["kind"] == "fail" and "suppressions" not in each
        }
        cases = ElementTree.parse(tmp_path / f"{framework}.junit.xml").iter("testcase")
        assert expected == {(case.attrib["classname"], case.attrib["name"]) for case in cases if case.find("failure") is not None}
        rows = json.loads((tmp_path / f"{framework}.codequality.json").read_text())
        assert len(expected) == sum(row["severity"] != "info" for row in rows)


def test_no_value_of_a_property_is_in_any_file(tmp_path: Path) -> None:
    """Every text and number of the stack becomes one that can be searched for."""

    def veil(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: veil(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [veil(inner) for inner in value]
        return value if value is UNKNOWN or isinstance(value, bool) else "hunter2-veiled"

    wrong = {"password": "x", "publiclyAccessible": "yes", "kmsKeyId": "alias/aws/rds", "backupRetentionPeriod": 3, "tags": {"owner": "me"}}
    veiled = [
        Resource(
            urn=each.urn, type=each.type, name=each.name, properties=veil({**wrong, **each.properties}), provider_region="hunter2-region"
        )
        for each in SMALL
    ]
    verdicts = verdicts_of(lone(*veiled))
    assert sum(each.verdict == "violation" for each in verdicts.findings) > 5
    write_all(verdicts, tmp_path, tmp_path)
    assert not [path.name for path in tmp_path.iterdir() if "hunter2" in path.read_text()]
