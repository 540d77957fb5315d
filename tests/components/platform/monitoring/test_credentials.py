"""What monitoring signs in with."""

import pytest

from components.platform.monitoring.credentials import Credentials, CredentialsArgs, Source
from tests.kit.contexts import a_context
from tests.kit.recorder import record

VALUES = {"password": Source(secret="morefocus-prod-use1-database-exporter", key="password")}


def spec(**template: str) -> dict[str, object]:
    args = CredentialsArgs(namespace="monitoring", secret="exporter", store="secrets-manager", values=VALUES, template=template)
    found: dict[str, object] = (
        record(lambda: Credentials("exporter", a_context(), args)).one("kubernetes:external-secrets.io/v1:ExternalSecret").inputs["spec"]
    )
    return found


def test_a_value_is_named_and_stands_nowhere() -> None:
    assert spec()["data"] == [
        {"secretKey": "password", "remoteRef": {"key": "morefocus-prod-use1-database-exporter", "property": "password"}}
    ]
    assert spec()["refreshInterval"] == "1h"
    assert spec()["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "secrets-manager"}


def test_an_address_is_put_together_in_the_cluster_and_the_password_stays_beside_it() -> None:
    target = spec(address="postgres://exporter:{{ .password | urlquery }}@db:5432/x")["target"]
    assert isinstance(target, dict)
    assert target["template"]["data"] == {"address": "postgres://exporter:{{ .password | urlquery }}@db:5432/x"}
    assert target["template"]["mergePolicy"] == "Merge"
    plain = spec()["target"]
    assert isinstance(plain, dict) and "template" not in plain


def test_a_secret_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="name one value"):
        CredentialsArgs(namespace="monitoring", secret="x", store="s", values={})
