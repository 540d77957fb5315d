import pytest

from components.platform.logs.names import ANONYMISATION_SECRET, AUDITOR, KIBANA_SECRET, READER, SETTINGS_USER
from components.platform.logs.secrets import LogSecrets, LogSecretsArgs, Remote
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record

PASSWORDS = {user: Remote(secret=f"x-{user}", key="password") for user in (SETTINGS_USER, READER, AUDITOR)}
ARGS = LogSecretsArgs(
    namespace="logging",
    shippers_namespace="log-shippers",
    store="secrets-manager",
    issuer="internal-ca",
    passwords=PASSWORDS,
    anonymisation=Remote(secret="x-salt", key="salt"),
    kibana=Remote(secret="x-kibana", key="key"),
)


def _secrets() -> Graph:
    return record(lambda: LogSecrets("log-secrets", a_context(), ARGS))


@pytest.mark.parametrize("user", PASSWORDS)
def test_a_user_has_the_role_of_its_name_and_its_password_from_the_store(user: str) -> None:
    spec = _secrets().named(f"log-secrets-{user}").inputs["spec"]
    template = spec["target"]["template"]
    assert template["type"] == "kubernetes.io/basic-auth"
    assert template["data"] == {"username": user, "password": "{{ .value }}", "roles": user}
    assert spec["data"][0]["remoteRef"] == {"key": f"x-{user}", "property": "password"}


def test_the_key_of_pseudonyms_and_kibanas_keys_have_the_names_that_they_are_looked_for_by() -> None:
    graph = _secrets()
    assert set(graph.named(f"log-secrets-{ANONYMISATION_SECRET}").inputs["spec"]["target"]["template"]["data"]) == {"ANONYMISATION_KEY"}
    kibana = graph.named(f"log-secrets-{KIBANA_SECRET}").inputs["spec"]["target"]["template"]["data"]
    assert "xpack.encryptedSavedObjects.encryptionKey" in kibana


def test_shippers_and_intake_each_have_a_certificate_for_their_side_alone() -> None:
    graph = _secrets()
    intake, shipper = graph.named("log-secrets-logstash-tls").inputs, graph.named("log-secrets-filebeat-tls").inputs
    assert (intake["metadata"]["namespace"], shipper["metadata"]["namespace"]) == ("logging", "log-shippers")
    assert "server auth" in intake["spec"]["usages"] and "client auth" not in intake["spec"]["usages"]
    assert "client auth" in shipper["spec"]["usages"] and "server auth" not in shipper["spec"]["usages"]
    assert intake["spec"]["privateKey"]["encoding"] == "PKCS8"
    assert "logs-ls-beats.logging.svc" in intake["spec"]["dnsNames"]


def test_its_objects_are_what_their_operators_define() -> None:
    found = custom_resources(_secrets())
    assert len(found) == 7
    assert findings(found) == []


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match="passwords must be given for"):
        LogSecretsArgs(
            namespace="a",
            shippers_namespace="b",
            store="s",
            issuer="i",
            passwords={},
            anonymisation=ARGS.anonymisation,
            kibana=ARGS.kibana,
        )
