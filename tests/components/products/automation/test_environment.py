import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from components.products.automation.environment import (
    BLOCKED_NETWORKS,
    DatabaseAccess,
    EnvironmentArgs,
    ObjectStore,
    QueueAccess,
    plain_variables,
    runner_variables,
    secret_variables,
)
from components.products.automation.facts import Role, SecretKey

ARGS = EnvironmentArgs(
    database=DatabaseAccess(host="pooler"),
    queue=QueueAccess(host="queue"),
    webhook_url="https://hooks.example.com/",
    owner_email="a@example.com",
)
DEPRECATED = {
    *("N8N_BINARY_DATA_STORAGE_PATH", "N8N_BINARY_DATA_TTL", "N8N_PERSISTED_BINARY_DATA_TTL", "EXECUTIONS_DATA_PRUNE_TIMEOUT"),
    *("N8N_AVAILABLE_BINARY_DATA_MODES", "N8N_CONFIG_FILES", "N8N_RUNNERS_ENABLED", "N8N_DB_PING_TIMEOUT", "WEBHOOK_URL"),
    *("N8N_SKIP_WEBHOOK_DEREGISTRATION_SHUTDOWN", "N8N_EXPRESSION_EVALUATOR", "N8N_EXPRESSION_REPORT_DIFFERENCE"),
    *("N8N_WORKFLOW_TAGS_DISABLED", "EXECUTIONS_PROCESS", "QUEUE_WORKER_TIMEOUT", "N8N_EXPRESSION_ENGINE"),
}
"""What n8n 2.40.5 warns of when it is set at all."""
WANTED = {
    "N8N_UNVERIFIED_PACKAGES_ENABLED": ("true", "false"),
    "N8N_RUNNERS_MODE": ("external",),
    "N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES": None,
    "N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES": None,
    "N8N_RUNNERS_TASK_TIMEOUT": None,
    "OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS": ("true",),
    "N8N_DEFAULT_BINARY_DATA_MODE": ("filesystem", "s3", "database"),
}
"""What it warns of when it is absent, or of another value."""


@pytest.mark.parametrize("role", list(Role))
def test_n8n_has_no_deprecation_to_tell_of(role: Role) -> None:
    told = plain_variables(ARGS, role)
    assert not DEPRECATED & told.keys()
    for name, allowed in WANTED.items():
        assert name in told and (allowed is None or told[name] in allowed), name
    assert "default" not in str(told["N8N_SSRF_BLOCKED_IP_RANGES"]).split(",")


@pytest.mark.parametrize("role", list(Role))
def test_no_basic_auth_is_pretended(role: Role) -> None:
    assert not [name for name in plain_variables(ARGS, role) if name.startswith("N8N_BASIC_AUTH")]


@pytest.mark.parametrize(
    "network", ["10.0.0.0/8", "172.20.0.0/16", "169.254.169.254/32", "169.254.170.23/32", "100.64.0.0/10", "127.0.0.1/32"]
)
def test_a_workflow_reaches_neither_cluster_nor_metadata(network: str) -> None:
    blocked = [ip_network(each) for each in BLOCKED_NETWORKS if ":" not in each]
    assert any(ip_network(network).subnet_of(each) for each in blocked)  # type: ignore[arg-type]


def test_test_webhooks_and_production_ones_are_told_the_public_name() -> None:
    for role in Role:
        assert plain_variables(ARGS, role)["N8N_WEBHOOK_URL"] == "https://hooks.example.com/"
    assert plain_variables(ARGS, Role.MAIN)["N8N_DISABLE_PRODUCTION_MAIN_PROCESS"] == "true"
    assert plain_variables(ARGS, Role.MAIN)["N8N_EDITOR_BASE_URL"] == "http://localhost:5678"


def test_only_webhook_processors_speak_tls_and_believe_two_proxies() -> None:
    told = {role: plain_variables(ARGS, role) for role in Role}
    assert told[Role.WEBHOOK]["N8N_PROTOCOL"] == "https"
    assert (told[Role.WEBHOOK]["N8N_PORT"], told[Role.WEBHOOK]["N8N_PROXY_HOPS"]) == ("8443", "2")
    for role in (Role.MAIN, Role.WORKER):
        assert not {"N8N_PROTOCOL", "N8N_PROXY_HOPS"} & told[role].keys()


def test_the_pooler_is_asked_for_nothing_that_it_refuses() -> None:
    told = plain_variables(ARGS, Role.WORKER)
    assert told["DB_POSTGRESDB_STATEMENT_TIMEOUT"] == "0"
    assert told["DB_POSTGRESDB_SSL_ENABLED"] == "true"


def test_an_authority_of_our_own_is_read_from_a_file() -> None:
    own = replace(ARGS, database=replace(ARGS.database, ca_secret="pooler-ca"))
    assert plain_variables(own, Role.MAIN)["DB_POSTGRESDB_SSL_CA_FILE"] == "/etc/n8n-database/ca.crt"
    assert "DB_POSTGRESDB_SSL_CA_FILE" not in plain_variables(ARGS, Role.MAIN)


def test_binary_data_is_in_the_database_or_with_a_bucket_in_s3_without_a_key() -> None:
    assert plain_variables(ARGS, Role.WORKER)["N8N_DEFAULT_BINARY_DATA_MODE"] == "database"
    stored = plain_variables(replace(ARGS, objects=ObjectStore(bucket="binary", region="eu-west-1")), Role.WORKER)
    assert stored["N8N_DEFAULT_BINARY_DATA_MODE"] == "s3"
    assert stored["N8N_EXTERNAL_STORAGE_S3_HOST"] == "s3.eu-west-1.amazonaws.com"
    assert stored["N8N_EXTERNAL_STORAGE_S3_AUTH_AUTO_DETECT"] == "true"
    assert not [name for name in stored if "ACCESS_KEY" in name or "ACCESS_SECRET" in name]


def test_each_role_gets_the_secrets_it_needs_and_no_other() -> None:
    secrets = {role: set(secret_variables(role, licensed=False).values()) for role in Role}
    shared = {SecretKey.ENCRYPTION, SecretKey.DATABASE, SecretKey.QUEUE, SecretKey.SESSIONS}
    assert secrets == {Role.MAIN: shared | {SecretKey.OWNER}, Role.WEBHOOK: shared, Role.WORKER: shared | {SecretKey.RUNNERS}}
    assert SecretKey.LICENCE in secret_variables(Role.WEBHOOK, licensed=True).values()


def test_no_secret_is_among_the_plain_variables() -> None:
    for role in Role:
        assert not plain_variables(ARGS, role).keys() & secret_variables(role, licensed=True).keys()
    assert not [name for name in runner_variables(ARGS) if "TOKEN" in name]


def test_task_runners_take_as_much_as_their_worker_and_reach_it_alone() -> None:
    told = runner_variables(replace(ARGS, concurrency=20))
    assert told["N8N_RUNNERS_MAX_CONCURRENCY"] == "20"
    assert told["N8N_RUNNERS_TASK_BROKER_URI"] == "http://127.0.0.1:5679"
    assert plain_variables(ARGS, Role.WORKER)["N8N_RUNNERS_BROKER_LISTEN_ADDRESS"] == "127.0.0.1"


def test_shells_are_no_nodes_of_workflows() -> None:
    assert "n8n-nodes-base.executeCommand" in json.loads(str(plain_variables(ARGS, Role.WORKER)["NODES_EXCLUDE"]))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("N8N_BASIC_AUTH_ACTIVE", "protects nothing"),
        ("WEBHOOK_URL", "deprecated"),
        ("EXECUTIONS_MODE", "remove EXECUTIONS_MODE"),
        ("N8N_ENCRYPTION_KEY", "remove N8N_ENCRYPTION_KEY"),
    ],
)
def test_what_is_gone_or_decided_cannot_be_set_beside(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ARGS, extra={name: "true"})


def test_a_worker_that_n8n_calls_unstable_is_refused() -> None:
    with pytest.raises(ValueError, match=r"concurrency must be 5 or more.*\(got 4\)"):
        replace(ARGS, concurrency=4)
