"""Speaks the OCI distribution protocol as far as a digest needs it.

Sources: https://github.com/opencontainers/distribution-spec/blob/main/spec.md,
https://distribution.github.io/distribution/spec/auth/token/ (tokens).
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.pin_images.web import Answer, NoAnswerError, Web, WrongAnswerError, check_secure, is_loopback

_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
"""Lists first: the digest of a list holds for every kind of processor."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_HUB, _HUB_API = "docker.io", "registry-1.docker.io"


@dataclass(frozen=True, slots=True)
class Reference:
    """An image or an OCI chart in its registry."""

    registry: str
    name: str
    tag: str

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Return the parts of `registry/name:tag`.

        Raises ValueError when one of them is missing.
        """
        path, _, tag = text.removeprefix("oci://").rpartition(":")
        registry, _, name = path.partition("/")
        if not name or not tag or "/" in tag:
            raise ValueError(f"a reference must be registry/name:tag (got {text!r})")
        if registry == _HUB and "/" not in name:
            name = f"library/{name}"
        # A tag cannot hold the sign that versions of charts may.
        return cls(registry, name, tag.replace("+", "_"))

    def manifest_url(self, what: str | None = None) -> str:
        """Return the address of its manifest, by tag or by the digest given."""
        scheme = "http" if is_loopback(self.registry) else "https"
        host = _HUB_API if self.registry == _HUB else self.registry
        return f"{scheme}://{host}/v2/{self.name}/manifests/{what or self.tag}"


class Registry:
    """One registry, with the tokens it has given."""

    def __init__(self, web: Web, authorization: Mapping[str, str] | None = None) -> None:
        """`authorization` is a header by registry, for those that want more than a token for anybody."""
        self._web = web
        self._given = dict(authorization or {})

    def digest(self, reference: Reference) -> str:
        """Return the digest of a tag's manifest, after the manifest that the registry keeps under it was seen to have it.

        Raises NoAnswerError when the registry cannot be asked, wants credentials or knows no such tag; WrongAnswerError when what it
        says is no digest, or is not the digest of what it gives.
        """
        headers = {"Accept": _MANIFESTS}
        first = self._ask(reference, reference.manifest_url(), "HEAD", headers)
        told = first.headers.get("Docker-Content-Digest", "")
        if not told:
            # Not every registry says it; then it is computed, of what the tag gives.
            body = self._ask(reference, reference.manifest_url(), "GET", headers).body
            return _sha256(body)
        if not _DIGEST.fullmatch(told):
            raise WrongAnswerError(f"{reference.registry} says {told!r} for {reference.name}:{reference.tag}, which is no sha256 digest")
        body = self._ask(reference, reference.manifest_url(told), "GET", headers).body
        if _sha256(body) != told:
            raise WrongAnswerError(
                f"{reference.registry} says {told} for {reference.name}:{reference.tag}, and gives what has {_sha256(body)}"
            )
        return told

    def _ask(self, reference: Reference, url: str, method: str, headers: Mapping[str, str]) -> Answer:
        given = self._given.get(reference.registry)
        answer = self._web.ask(url, method=method, headers={**headers, **({"Authorization": given} if given else {})})
        if answer.status == 401:
            token = self._token(reference, answer.headers.get("WWW-Authenticate", ""))
            answer = self._web.ask(url, method=method, headers={**headers, "Authorization": f"Bearer {token}"})
        if answer.status == 404:
            raise NoAnswerError(f"{reference.registry} has no {reference.name}:{reference.tag}")
        if answer.status != 200:
            raise NoAnswerError(f"{reference.registry} answers {answer.status} for {reference.name}:{reference.tag}")
        return answer

    def _token(self, reference: Reference, challenge: str) -> str:
        """Return the token that anybody gets who asks where the registry says."""
        kind, _, rest = challenge.partition(" ")
        parameters = dict(_PARAMETER.findall(rest))
        if kind.lower() != "bearer" or "realm" not in parameters:
            raise NoAnswerError(f"{reference.registry} wants credentials ({kind or 'of no kind it names'})")
        check_secure(parameters["realm"])
        query = {"scope": parameters.get("scope", f"repository:{reference.name}:pull")}
        if "service" in parameters:
            query["service"] = parameters["service"]
        answer = self._web.ask(f"{parameters['realm']}?{urllib.parse.urlencode(query)}")
        try:
            document = json.loads(answer.body or b"{}")
            token = document.get("token") or document.get("access_token")
        except (ValueError, AttributeError):
            token = None
        if answer.status != 200 or not isinstance(token, str):
            raise NoAnswerError(f"{reference.registry} gives no token (its issuer answers {answer.status})")
        return token


def _sha256(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
