"""Values of secrets as the emulated cloud holds them; what it holds no value of is made up once, kept, and told."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from sandbox.workload.certificates import write_private
from sandbox.workload.objects import Objects

_ABSENT = ("ResourceNotFoundException", "InvalidRequestException")


def client(endpoint: str, known: Objects) -> Any:
    """Return a client of Secrets Manager in the region that the cluster's store of secrets names."""
    regions = [store["spec"]["provider"]["aws"]["region"] for store in known.kinds("ClusterSecretStore")]
    login = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    return boto3.client("secretsmanager", regions[0] if regions else "us-east-1", endpoint_url=endpoint, **login)


class CloudSecrets:
    """Secrets Manager of one region's emulated cloud."""

    def __init__(self, client: Any, known: Objects, kept: Path) -> None:
        self._client, self._kept = client, kept
        self._wanted: dict[str, set[str]] = {}
        for external in known.kinds("ExternalSecret"):
            for each in external["spec"].get("data", ()):
                reference = each["remoteRef"]
                self._wanted.setdefault(reference["key"], set()).add(reference.get("property", ""))

    @property
    def made_up(self) -> Mapping[str, Any]:
        """Secret to the values that the cloud does not have."""
        return dict(json.loads(self._kept.read_text())) if self._kept.exists() else {}

    def read(self, key: str) -> str:
        """Return the value of a secret by its name or ARN; KeyError for one that nothing asks for."""
        value, wanted = self._held(key), self._wanted[key]
        if value is not None and wanted == {""}:
            return value
        held = json.loads(value or "{}")
        missing = {name for name in wanted if name not in held}
        return json.dumps({**held, **self._make_up(key, missing)})

    def _held(self, key: str) -> str | None:
        try:
            return str(self._client.get_secret_value(SecretId=key)["SecretString"])
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def _make_up(self, key: str, names: set[str]) -> Mapping[str, str]:
        known = dict(self.made_up)
        mine = known.setdefault(key, {})
        for name in names - mine.keys():
            mine[name] = secrets.token_urlsafe(32)
        if names:
            write_private(self._kept, json.dumps(known).encode())
        return {name: mine[name] for name in names}
