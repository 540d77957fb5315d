"""Third-party software that runs in clusters: what, which version, under which licence, and how long it is supported (D5)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Model

FILE = "config/software.yaml"
LOCK = "config/software.lock.yaml"
UNRESOLVED = "unresolved"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FLOATING = re.compile(r"latest|stable|main|master|edge|nightly|v?\d+(\.\d+)?")
"""Tags that their makers move: a name, or a version without its last part."""


class SoftwareItem(Model):
    """An image or a chart, as its makers publish it."""

    kind: Annotated[Literal["image", "chart"], Field(description="image: a container image; chart: a Helm chart")]
    repository: Annotated[
        str, Field(min_length=3, description="image: registry and name without tag; chart: https or oci address of its repository")
    ]
    chart: Annotated[str, Field(description="the chart's name in its repository; empty for an image")] = ""
    version: Annotated[str, Field(min_length=1, description="exact tag or chart version; one that moves is refused")]
    why: Annotated[str, Field(min_length=10, description="what it is here for")]
    licence: Annotated[str, Field(min_length=2, description="SPDX identifier where there is one")]
    source: Annotated[str, Field(pattern=r"^https://", description="where version, licence and support were read")]
    read_on: Annotated[date, Field(description="when they were read")]
    end_of_support: Annotated[date | None, Field(description="when its makers stop mending this version; null: they name no date")] = None

    @model_validator(mode="after")
    def _is_pinned(self) -> "SoftwareItem":
        if _FLOATING.fullmatch(self.version):
            raise refuse("an exact version such as 2.40.5", "its makers move this: pin one that stays", key="version", given=self.version)
        if (self.kind == "chart") != bool(self.chart):
            raise refuse("a name for a chart, none for an image", "correct kind or chart", key="chart", given=self.chart)
        return self

    @property
    def reference(self) -> str:
        """What a registry is asked for: name and version."""
        return f"{self.repository}:{self.version}" if self.kind == "image" else f"{self.repository.rstrip('/')}/{self.chart}:{self.version}"


class SoftwareCatalogue(Model):
    """Every image and chart by the name that the program calls it."""

    software: dict[str, SoftwareItem]


class SoftwareLock(Model):
    """Digests by reference, as registries gave them; `unresolved` where none could be asked."""

    digests: Annotated[dict[str, str], Field(description="reference to sha256:<64 hex digits>, or unresolved")]

    @model_validator(mode="after")
    def _are_digests(self) -> "SoftwareLock":
        for reference, digest in self.digests.items():
            if digest != UNRESOLVED and not _DIGEST.fullmatch(digest):
                raise refuse("sha256: and 64 hex digits, or unresolved", "run `make pin-images`", key=f"digests.{reference}", given=digest)
        return self


def digest_of(lock: Mapping[str, str], reference: str) -> str | None:
    """Return what a registry gave for a reference; None where it is not known yet."""
    digest = lock.get(reference, UNRESOLVED)
    return None if digest == UNRESOLVED else digest
