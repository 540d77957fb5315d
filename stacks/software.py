"""Turns the catalogue's names into what components are given: pinned images and charts (D5)."""

import os

from components.platform.release import Chart
from config.errors import ConfigError, Problem
from config.load import Settings
from config.software import LOCK, digest_of

STANDIN_VARIABLE = "MOREFOCUS_IMAGE_STANDINS"
"""Set by the sandbox alone: what it is set to is the registry that unresolved images are said to come from."""


def image(settings: Settings, name: str) -> str:
    """Return `repository:tag@digest` of an image of the catalogue.

    Raises ConfigError naming the command to run when no registry has given its digest yet; in the sandbox a name that no registry
    serves stands in for it.
    """
    item = settings.software[name]
    digest = digest_of(settings.digests, item.reference)
    if digest is not None:
        return f"{item.reference}@{digest}"
    if registry := os.environ.get(STANDIN_VARIABLE):
        return f"{registry}/{item.reference}"
    allowed, remedy = "the digest that its registry gives", "run `make pin-images` and commit the lock"
    raise ConfigError([Problem(LOCK, f"digests.{item.reference}", "unresolved", allowed, remedy)])


def chart(settings: Settings, name: str) -> Chart:
    """Return the pin of a chart of the catalogue."""
    item = settings.software[name]
    return Chart(chart=item.chart, repository=item.repository, version=item.version)
