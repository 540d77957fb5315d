"""Images come with tag and digest, or, in the sandbox alone, under a registry that does not exist."""

from dataclasses import replace

import pytest

from components.platform.release import Chart
from config.errors import ConfigError
from config.load import Settings, load
from config.software import SoftwareItem
from stacks.compose import compose
from stacks.software import STANDIN_VARIABLE, chart, image
from tests.kit.composed import composed
from tests.kit.kubernetes import images
from tests.kit.recorder import failure

DIGEST = "sha256:" + "0123456789abcdef" * 4
REFERENCE = "registry.example.org/tool:1.2.3"
ROW = {
    "repository": "registry.example.org/tool",
    "version": "1.2.3",
    "why": "what it is here for",
    "licence": "Apache-2.0",
    "source": "https://example.org/releases",
    "read_on": "2026-11-22",
}


def _settings(digest: str) -> Settings:
    rows = {
        "tool": SoftwareItem.model_validate(ROW | {"kind": "image"}),
        "tool-chart": SoftwareItem.model_validate(ROW | {"kind": "chart", "chart": "tool", "repository": "https://charts.example.org"}),
    }
    return replace(load("us-east-1"), software=rows, digests={REFERENCE: digest})


def test_an_image_is_named_by_tag_and_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STANDIN_VARIABLE, "sandbox.invalid")
    assert image(_settings(DIGEST), "tool") == f"{REFERENCE}@{DIGEST}"


def test_on_aws_an_image_without_digest_is_refused_naming_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STANDIN_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match="run `make pin-images` and commit the lock") as caught:
        image(_settings("unresolved"), "tool")
    assert f"digests.{REFERENCE}" in str(caught.value)


def test_the_sandbox_puts_a_name_that_no_registry_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STANDIN_VARIABLE, "sandbox.invalid")
    assert image(_settings("unresolved"), "tool") == f"sandbox.invalid/{REFERENCE}"


def test_on_aws_a_chart_whose_archive_nobody_has_seen_is_refused_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STANDIN_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match="run `make pin-images` and commit the lock"):
        chart(_settings(DIGEST), "tool-chart")


@pytest.mark.parametrize("stack", ["us-east-1", "staging"])
def test_on_aws_nothing_is_registered_before_all_digests_are_known(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STANDIN_VARIABLE, raising=False)
    settings = load(stack)
    settings = replace(settings, digests=dict.fromkeys(settings.digests, "unresolved"))
    error, registered = failure(lambda: compose(settings), stack=stack)
    assert isinstance(error, ConfigError)
    said = str(error)
    assert all(f"digests.{item.reference}" in said for item in settings.software.values())
    assert "run `make pin-images` and commit the lock" in said
    assert not registered.resources


def test_with_all_digests_known_no_stand_in_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STANDIN_VARIABLE, raising=False)
    settings = load("staging")
    graph = composed(replace(settings, digests=dict.fromkeys(settings.digests, DIGEST)))
    named = [image for _, image in images(graph)]
    assert named and all(image.endswith(f"@{DIGEST}") for image in named)


def test_a_chart_is_pinned_by_repository_and_version() -> None:
    assert chart(_settings(DIGEST), "tool-chart") == Chart(chart="tool", repository="https://charts.example.org", version="1.2.3")
