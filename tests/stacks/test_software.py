"""Images come with tag and digest, or, in the sandbox alone, under a registry that does not exist."""

from dataclasses import replace

import pytest

from components.platform.release import Chart
from config.errors import ConfigError
from config.load import Settings, load
from config.software import SoftwareItem
from stacks.software import STANDIN_VARIABLE, chart, image

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


def test_a_chart_is_pinned_by_repository_and_version() -> None:
    assert chart(_settings(DIGEST), "tool-chart") == Chart(chart="tool", repository="https://charts.example.org", version="1.2.3")
