"""Finds the digest of a chart in an https repository, by its index and by the archive itself.

Source: https://helm.sh/docs/topics/chart_repository/#the-index-file
"""

from __future__ import annotations

import hashlib
import re
import urllib.parse
from typing import Any

import yaml

from scripts.pin_images.web import NoAnswerError, Web, WrongAnswerError

_HEX = re.compile(r"[0-9a-f]{64}")


class ChartRepositories:
    """Chart repositories, each of whose indexes is read once."""

    def __init__(self, web: Web) -> None:
        """`web` asks."""
        self._web = web
        self._indexes: dict[str, Any] = {}

    def digest(self, repository: str, chart: str, version: str) -> str:
        """Return the digest of a chart's archive, after the archive was seen to have it.

        Raises NoAnswerError when repository, chart or version is not there; WrongAnswerError when the archive is another than the index
        says, or the index says no digest.
        """
        entry = self._entry(repository, chart, version)
        told = str(entry.get("digest", "")).removeprefix("sha256:")
        if not _HEX.fullmatch(told):
            raise WrongAnswerError(f"the index of {repository} says no sha256 digest for {chart} {version} (it says {told!r})")
        urls = entry.get("urls") or []
        if not urls:
            raise NoAnswerError(f"the index of {repository} says no address for {chart} {version}")
        answer = self._web.ask(urllib.parse.urljoin(f"{repository.rstrip('/')}/", str(urls[0])))
        if answer.status != 200:
            raise NoAnswerError(f"{urls[0]} answers {answer.status}")
        given = hashlib.sha256(answer.body).hexdigest()
        if given != told:
            raise WrongAnswerError(f"the index of {repository} says {told} for {chart} {version}, and the archive has {given}")
        return f"sha256:{told}"

    def _entry(self, repository: str, chart: str, version: str) -> dict[str, Any]:
        entries = self._index(repository).get(chart) or []
        for entry in entries:
            if str(entry.get("version", "")).removeprefix("v") == version.removeprefix("v"):
                found: dict[str, Any] = entry
                return found
        raise NoAnswerError(f"{repository} has no {chart} {version}")

    def _index(self, repository: str) -> dict[str, Any]:
        if repository not in self._indexes:
            answer = self._web.ask(f"{repository.rstrip('/')}/index.yaml")
            if answer.status != 200:
                raise NoAnswerError(f"{repository}/index.yaml answers {answer.status}")
            try:
                document = yaml.load(answer.body, Loader=yaml.CSafeLoader)
            except yaml.YAMLError as error:
                raise WrongAnswerError(f"{repository}/index.yaml is no YAML") from error
            self._indexes[repository] = (document or {}).get("entries") or {} if isinstance(document, dict) else {}
        found: dict[str, Any] = self._indexes[repository]
        return found
