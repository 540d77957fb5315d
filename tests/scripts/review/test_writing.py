"""Everything lies in one folder, made of the shipped prices, and of what packs wrote where they wrote it."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.load import ROOT
from policies.catalogue import catalogue
from policies.evidence.verdicts import Effective, Layer, Verdicts
from policies.verdict import Finding, Verdict
from scripts.review.reading import PreviewError, parse
from scripts.review.writing import judge, read_state, tariff, write
from tests.scripts.review import samples
from tests.scripts.review.samples import QUEUE, create, previewed, reviewed, same, stream, urn

TODAY = date(2026, 11, 22)


def test_a_folder_holds_note_page_and_widgets_and_no_counts_of_stacks_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "old.tfplan.json").write_text("{}")
    found = reviewed(previewed(create(QUEUE, "a")), previewed(same(QUEUE, "a"), stack="eu-west-1"))
    written = write(found, tmp_path / "", whole="there")
    names = ["note.md", "index.html", "codequality.json", "junit.xml", "us-east-1.tfplan.json", "eu-west-1.tfplan.json"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_the_shipped_prices_and_discounts_are_taken() -> None:
    taken = tariff(ROOT, "us-east-1")
    assert taken and 0 < taken.spot_discount < 1
    assert taken.book.price("kms:key", "us-east-1").resolved and taken.usage.value("kms_calls") > Decimal(0)


def test_a_project_whose_configuration_is_refused_is_reviewed_without_cost(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: morefocus\nruntime: python\n")
    (tmp_path / "Pulumi.us-east-1.yaml").write_text("config: {}\n")
    (tmp_path / "config").symlink_to(ROOT / "config")
    assert tariff(tmp_path, "us-east-1") is None


def stored(folder: Path, verdict: Verdict) -> Path:
    """Write what a pack would have written of one control."""
    control = next(iter(catalogue()))
    kept = Verdicts(
        stack=samples.STACK,
        layer=Layer.PREVIEW,
        as_of=TODAY,
        controls_digest="0" * 64,
        configuration_digest="0" * 64,
        resources={QUEUE: 1},
        levels={control: Effective.MANDATORY},
        findings=(Finding(control=control, urn=urn(QUEUE, "a"), verdict=verdict),),
    )
    return kept.write(folder, "all")


def test_what_packs_wrote_is_taken_unless_it_is_of_another_preview(tmp_path: Path) -> None:
    preview = previewed(create(QUEUE, "a"))
    path = stored(tmp_path, Verdict.VIOLATION)

    def new(stores: Path | None, since: float = 0) -> int:
        found = judge(TODAY, stores, since)(preview, None)
        assert found is not None
        return len([each for each in found.new if each.control == next(iter(catalogue()))])

    assert new(tmp_path) == 1
    assert new(tmp_path / "none") == new(None) == 0
    os.utime(path, (1000, 1000))
    assert new(tmp_path, since=2000) == 0 and new(tmp_path, since=999) == 1
    path.write_text("{}")
    with pytest.raises(ValueError, match=r"us-east-1\.all\.json: expected a file of verdicts"):
        new(tmp_path)


def test_half_a_graph_is_not_judged() -> None:
    assert judge(TODAY)(parse(stream(create(QUEUE, "a"), [samples.error("no such zone")], result="failed")), None) is None


@pytest.mark.parametrize("text", ["", "[]", '{"steps": []}'])
def test_what_is_no_state_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(PreviewError, match=r"state\.json is no state.*pulumi stack export"):
        read_state(path)
    path.write_text('{"deployment": {"resources": []}}')
    assert read_state(path) == {"deployment": {"resources": []}}
