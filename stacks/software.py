"""Turns the catalogue's names into what components are given: pinned images and charts (D5)."""

import os

from components.platform.release import Chart
from config.errors import ConfigError, Problem
from config.load import Settings
from config.software import LOCK, SoftwareItem, digest_of

STANDIN_VARIABLE = "MOREFOCUS_IMAGE_STANDINS"
"""Set by the sandbox alone: what it is set to is the registry that unresolved images are said to come from."""


def require_digests(settings: Settings) -> None:
    """Refuse a catalogue of which a registry has not told everything: before anything is registered, and all of it at once.

    Raises ConfigError naming each, and the command to run; not in the sandbox.
    """
    if os.environ.get(STANDIN_VARIABLE):
        return
    missing = sorted(item.reference for item in settings.software.values() if digest_of(settings.digests, item.reference) is None)
    if missing:
        raise ConfigError(_unresolved(reference) for reference in missing)


def image(settings: Settings, name: str) -> str:
    """Return `repository:tag@digest` of an image of the catalogue.

    Raises ConfigError naming the command to run when no registry has given its digest yet; in the sandbox a name that no registry
    serves stands in for it.
    """
    item = settings.software[name]
    digest = _digest(settings, item)
    return f"{os.environ[STANDIN_VARIABLE]}/{item.reference}" if digest is None else f"{item.reference}@{digest}"


def chart(settings: Settings, name: str) -> Chart:
    """Return the pin of a chart of the catalogue.

    Raises ConfigError naming the command to run when no repository has given its digest yet, but in the sandbox, which downloads none.
    """
    item = settings.software[name]
    _digest(settings, item)
    return Chart(chart=item.chart, repository=item.repository, version=item.version)


def _digest(settings: Settings, item: SoftwareItem) -> str | None:
    """Return what a registry gave; None in the sandbox alone."""
    digest = digest_of(settings.digests, item.reference)
    if digest is None and not os.environ.get(STANDIN_VARIABLE):
        raise ConfigError([_unresolved(item.reference)])
    return digest


def _unresolved(reference: str) -> Problem:
    remedy = "run `make pin-images` and commit the lock"
    return Problem(LOCK, f"digests.{reference}", "unresolved", "the digest that its registry gives", remedy)
