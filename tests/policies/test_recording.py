"""Packs write down what they found, for reports, when they are asked to."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from policies.catalogue import EVERY, catalogue
from policies.evidence.verdicts import Effective, Layer, Verdicts
from policies.pack import assembled
from policies.recording import VERDICTS
from policies.verdict import Verdict
from tests.kit.policies import request, resource

DATABASE = "aws:rds/instance:Instance"
SMALL = [resource(DATABASE, "main", publiclyAccessible=True, engine="postgres", password="hunter2")]


def analyzed(folder: Path, *, dry: bool, **levels: Any) -> Any:
    """Run the pack of every control on a small stack, as the engine does."""
    analyzer = assembled(EVERY, {VERDICTS: str(folder)})
    analyzer.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="eu-west-1", dry_run=dry), None)
    config = {name.replace("_", "-"): analyzer_pb2.PolicyConfig(enforcementLevel=level) for name, level in levels.items()}
    analyzer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config), None)  # type: ignore[no-untyped-call]
    return analyzer.AnalyzeStack(request(SMALL), None)


@pytest.mark.parametrize(("dry", "layer"), [(True, Layer.PREVIEW), (False, Layer.STATE)])
def test_verdicts_are_written_beneath_what_was_judged(dry: bool, layer: Layer, tmp_path: Path) -> None:
    analyzed(tmp_path, dry=dry)
    (path,) = tmp_path.rglob("*.json")
    assert path.relative_to(tmp_path) == Path(layer, "eu-west-1.all.json")
    found = Verdicts.from_json(path.read_text(encoding="utf-8"))
    assert (found.stack, found.layer, found.resources) == ("eu-west-1", layer, {DATABASE: 1})
    assert set(found.levels) == set(catalogue())
    assert found.verdict("NET-01") is Verdict.VIOLATION
    assert "hunter2" not in path.read_text(encoding="utf-8")


def test_the_levels_that_the_engine_set_are_written_with_them(tmp_path: Path) -> None:
    analyzed(tmp_path, dry=True, NET_01=analyzer_pb2.DISABLED, ENC_01=analyzer_pb2.ADVISORY, BCK_01=analyzer_pb2.REMEDIATE)
    written = json.loads((tmp_path / "preview/eu-west-1.all.json").read_text(encoding="utf-8"))
    assert [written["levels"][name] for name in ("NET-01", "ENC-01", "BCK-01")] == [
        Effective.DISABLED,
        Effective.ADVISORY,
        Effective.MANDATORY,
    ]
    assert "NET-01" not in {finding["control"] for finding in written["findings"]}


def test_nothing_is_written_where_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    analyzer = assembled(EVERY, {})
    analyzer.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="eu-west-1", dry_run=True), None)
    analyzer.AnalyzeStack(request(SMALL), None)
    assert not list(tmp_path.iterdir())
