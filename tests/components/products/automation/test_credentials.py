from dataclasses import replace
from typing import Any

import pytest

from components.products.automation.credentials import AutomationCredentials, AutomationCredentialsArgs, Remote
from components.products.automation.environment import secret_variables
from components.products.automation.facts import Role, SecretKey
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems

VALUES: dict[SecretKey, Remote] = {
    key: Remote(secret=f"morefocus-prod-use1-{key}", key="value") for key in SecretKey if key is not SecretKey.LICENCE
}
ARGS = AutomationCredentialsArgs(namespace="automation", store="secrets-manager", values=VALUES, issuer="internal-ca")
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"


def _graph(args: AutomationCredentialsArgs = ARGS) -> Graph:
    return record(lambda: AutomationCredentials("credentials", a_context(), args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _spec(graph: Graph, name: str) -> dict[str, Any]:
    found: dict[str, Any] = graph.named(name).inputs["spec"]
    return found


def test_operators_take_what_is_asked_of_them(graph: Graph) -> None:
    for each in graph.resources:
        if each.type.startswith("kubernetes:"):
            assert not custom_problems(each.inputs)


@pytest.mark.parametrize("role", list(Role))
def test_every_key_that_a_process_reads_is_written(graph: Graph, role: Role) -> None:
    written = {
        _spec(graph, name)["target"]["name"]: {
            *(each["secretKey"] for each in _spec(graph, name)["data"]),
            *_spec(graph, name)["target"].get("template", {}).get("data", {}),
        }
        for name in ("credentials-keys", "credentials-owner")
    }
    for key in secret_variables(role, licensed=False).values():
        assert key in written[key.secret]


def test_the_owners_password_never_gets_into_the_namespace_but_hashed(graph: Graph) -> None:
    target = _spec(graph, "credentials-owner")["target"]
    assert target["template"]["data"] == {"owner-password-hash": "{{ .password | bcrypt }}"}
    # Without a merge policy the template's keys are all there is.
    assert "mergePolicy" not in target["template"]


def test_a_secret_that_is_deleted_by_mistake_does_not_take_n8n_with_it(graph: Graph) -> None:
    for each in graph.of_type(EXTERNAL):
        assert each.inputs["spec"]["target"]["deletionPolicy"] == "Retain"


def test_the_licence_is_fetched_where_there_is_one() -> None:
    licensed = replace(ARGS, values={**VALUES, SecretKey.LICENCE: Remote(secret="n8n-licence", key="activation_key")})
    keys = {each["secretKey"]: each["remoteRef"] for each in _spec(_graph(licensed), "credentials-keys")["data"]}
    assert keys["licence-key"] == {"key": "n8n-licence", "property": "activation_key"}
    assert "licence-key" not in {each["secretKey"] for each in _spec(_graph(), "credentials-keys")["data"]}


def test_the_certificate_is_of_the_service_that_the_load_balancer_is_bound_to(graph: Graph) -> None:
    spec = _spec(graph, "credentials-certificate")
    assert spec["dnsNames"] == ["n8n-webhook", "n8n-webhook.automation.svc.cluster.local"]
    assert spec["issuerRef"]["name"] == "internal-ca"


def test_a_secret_that_nobody_says_the_place_of_is_named() -> None:
    with pytest.raises(ValueError, match="add encryption-key"):
        replace(ARGS, values={key: value for key, value in VALUES.items() if key is not SecretKey.ENCRYPTION})
