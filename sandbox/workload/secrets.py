"""Values of the Secrets that pods refer to: rendered, brought by an ExternalSecret from the cloud, or issued as a certificate."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.workload.certificates import Authority
from sandbox.workload.objects import ManifestError, Object, Objects, name_of

Read = Callable[[str], str]
"""Gives the value of a secret of the cloud by its name (or ARN); KeyError when there is none."""
_VALUE = re.compile(r"""\{\{-?\s*(?:\.(?P<key>\w+)|\(?index\s+\.\s+"(?P<indexed>[^"]+)"\)?)\s*(?:\|\s*(?P<function>\w+)\s*)?-?\}\}""")
"""`{{ .key }}`, `{{ index . "key" }}`, either with `| function`."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where the values of one cluster's Secrets come from."""

    objects: Objects
    read: Read
    authority: Authority
    functions: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """What templates may put a value through, such as bcrypt."""

    def values(self, namespace: str, name: str, addresses: tuple[str, ...] = ()) -> dict[str, bytes]:
        """The Secret's keys and values; ManifestError says what is missing. A certificate is issued for `addresses` as well."""
        if (plain := self.objects.find("Secret", namespace, name)) is not None:
            return _plain(plain)
        for certificate in self.objects.kinds("Certificate", namespace=namespace):
            if certificate["spec"]["secretName"] == name:
                return self._issued(certificate, addresses)
        for external in self.objects.kinds("ExternalSecret", namespace=namespace):
            if external["spec"].get("target", {}).get("name", name_of(external)) == name:
                return self._external(external)
        raise ManifestError(f"no Secret, ExternalSecret or Certificate gives the Secret {namespace}/{name} that a pod refers to")

    def _external(self, external: Object) -> dict[str, bytes]:
        spec, found = external["spec"], dict[str, str]()
        for source in spec.get("dataFrom", ()):
            if "extract" not in source:
                raise ManifestError(f"ExternalSecret {name_of(external)}: of dataFrom, only `extract` is known here")
            extracted = json.loads(self._value(external, source["extract"]))
            found |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in extracted.items()}
        for each in spec.get("data", ()):
            found[each["secretKey"]] = self._value(external, each["remoteRef"])
        template = spec.get("target", {}).get("template")
        if template and template.get("data"):
            written = {key: self._filled(text, found, external) for key, text in template["data"].items()}
            found = {**found, **written} if template.get("mergePolicy") == "Merge" else written
        return {key: value.encode() for key, value in found.items()}

    def _value(self, external: Object, reference: Mapping[str, Any]) -> str:
        try:
            value = self.read(reference["key"])
        except KeyError:
            raise ManifestError(
                f"ExternalSecret {name_of(external)} wants {reference['key']}, which the emulated cloud does not have (`make up` makes it)"
            ) from None
        if not (part := reference.get("property")):
            return value
        try:
            found = json.loads(value)[part]
        except (json.JSONDecodeError, KeyError, TypeError):
            raise ManifestError(f"ExternalSecret {name_of(external)}: {reference['key']} has no property {part}") from None
        return found if isinstance(found, str) else json.dumps(found)

    def _filled(self, text: str, found: Mapping[str, str], external: Object) -> str:
        """The template with values in place; what else Go's templates can is refused, not guessed."""

        def value(match: re.Match[str]) -> str:
            key, function = match["key"] or match["indexed"], match["function"]
            if key not in found:
                raise ManifestError(
                    f"ExternalSecret {name_of(external)}: its template names {key}, and it fetches {', '.join(sorted(found))}"
                )
            if function and function not in self.functions:
                known = ", ".join(sorted(self.functions)) or "none"
                raise ManifestError(f"ExternalSecret {name_of(external)}: function {function} is not known here; known: {known}")
            return self.functions[function](found[key]) if function else found[key]

        filled = _VALUE.sub(value, text)
        if "{{" in filled:
            raise ManifestError(f"ExternalSecret {name_of(external)}: of templates, only {{{{ .key | function }}}} is known here")
        return filled

    def _issued(self, certificate: Object, addresses: tuple[str, ...]) -> dict[str, bytes]:
        spec = certificate["spec"]
        made, key = self.authority.issue(spec.get("dnsNames", ()), addresses)
        return {"tls.crt": made, "tls.key": key, "ca.crt": self.authority.certificate.read_bytes()}


def _plain(secret: Object) -> dict[str, bytes]:
    written = {key: base64.b64decode(value) for key, value in (secret.get("data") or {}).items()}
    return written | {key: str(value).encode() for key, value in (secret.get("stringData") or {}).items()}
