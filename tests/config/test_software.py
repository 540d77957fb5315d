"""Every image and chart is pinned, and no digest is made up."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.errors import ConfigError
from config.load import load
from config.software import LOCK, UNRESOLVED, SoftwareItem, SoftwareLock, digest_of
from tests.kit.plans import shipped, write

DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = {
    "kind": "image",
    "repository": "registry.example.org/tool",
    "version": "1.2.3",
    "why": "what it is here for",
    "licence": "Apache-2.0",
    "source": "https://example.org/releases",
    "read_on": "2026-11-22",
}
CHART = IMAGE | {"kind": "chart", "repository": "https://charts.example.org/", "chart": "tool"}


def _item(**more: Any) -> SoftwareItem:
    return SoftwareItem.model_validate(IMAGE | more)


@pytest.mark.parametrize("version", ["latest", "stable", "main", "edge", "2", "v2", "2.40", "v2.40", "nightly"])
def test_a_version_that_its_makers_move_is_refused(version: str) -> None:
    with pytest.raises(ValidationError, match="its makers move this: pin one that stays"):
        _item(version=version)


@pytest.mark.parametrize("version", ["2.40.5", "v1.19.1", "3.4.0-rc1", "17.2-alpine3.20", "v2025.9.1"])
def test_a_version_that_stays_is_taken(version: str) -> None:
    assert _item(version=version).reference == f"registry.example.org/tool:{version}"


@given(st.from_regex(r"v?\d{1,4}(\.\d{1,4})?", fullmatch=True))
def test_no_version_without_its_last_part_is_ever_taken(version: str) -> None:
    with pytest.raises(ValidationError):
        _item(version=version)


def test_a_chart_has_a_name_and_an_image_has_none() -> None:
    assert SoftwareItem.model_validate(CHART).reference == "https://charts.example.org/tool:1.2.3"
    for wrong in (CHART | {"chart": ""}, IMAGE | {"chart": "tool"}):
        with pytest.raises(ValidationError, match="a name for a chart, none for an image"):
            SoftwareItem.model_validate(wrong)


@pytest.mark.parametrize("value", ["sha256:abc", "sha512:" + "0" * 64, "sha256:" + "G" * 64, "", "pending"])
def test_a_lock_holds_digests_or_says_that_it_has_none(value: str) -> None:
    with pytest.raises(ValidationError, match="sha256: and 64 hex digits, or unresolved"):
        SoftwareLock(digests={"registry.example.org/tool:1.2.3": value})


def test_what_no_registry_gave_is_not_known() -> None:
    lock = SoftwareLock(digests={"a:1.2.3": DIGEST, "b:1.2.3": UNRESOLVED}).digests
    assert digest_of(lock, "a:1.2.3") == DIGEST
    assert digest_of(lock, "b:1.2.3") is None
    assert digest_of(lock, "c:1.2.3") is None


def test_a_floating_tag_is_told_with_its_file_and_key(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/software.yaml"]["software"]["n8n"]["version"] = "latest"
    with pytest.raises(ConfigError, match=r"config/software\.yaml: software\.n8n\.version"):
        load("us-east-1", root=write(documents, tmp_path))


def test_the_lock_has_a_line_for_all_that_the_catalogue_has_and_for_nothing_else() -> None:
    settings = load("us-east-1")
    wanted = {item.reference for item in settings.software.values()}
    assert set(settings.digests) == wanted, f"run `make pin-images`, which writes {LOCK}"


def test_every_row_says_why_under_which_licence_and_where_it_was_read() -> None:
    for name, item in load("us-east-1").software.items():
        assert item.read_on.year >= 2026, name
        assert item.end_of_support is None or item.end_of_support > item.read_on, f"{name}: its makers have stopped mending it"
