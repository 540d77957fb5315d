"""What n8n's pods have for services that watch from outside."""

from pulumi_kubernetes.core.v1 import SecretEnvSourceArgs

from components.products.automation.watched import (
    FOLDER,
    HOSTS,
    agent_container,
    agent_mount,
    agent_volume,
    new_relic_variables,
    optional_variables,
    sentry_variables,
)


def test_the_agent_is_loaded_from_where_it_was_copied_to_and_nobody_writes_there() -> None:
    assert new_relic_variables("eu", "production")["NODE_OPTIONS"] == f"--require {FOLDER}/newrelicinstrumentation.js"
    container = agent_container("docker.io/newrelic/newrelic-node-init:14.3.0.0")
    assert container.command == ["cp", "-r", "/instrumentation/.", FOLDER]
    assert agent_mount().read_only is True and agent_mount().name == agent_volume().name


def test_the_agent_reports_to_the_site_of_the_account_and_sends_no_data_of_workflows() -> None:
    for site, host in HOSTS.items():
        told = new_relic_variables(site, "production")
        assert told["NEW_RELIC_HOST"] == host and told["NEW_RELIC_RECORD_SQL"] == "off"
        assert "request.*" in told["NEW_RELIC_ATTRIBUTES_EXCLUDE"]
        assert told["NEW_RELIC_APPLICATION_LOGGING_FORWARDING_ENABLED"] == "false"


def test_a_pod_starts_without_a_secret_that_nobody_has_put_in_yet() -> None:
    (source,) = optional_variables(["n8n-sentry"])
    assert isinstance(source.secret_ref, SecretEnvSourceArgs)
    assert source.secret_ref.optional is True and source.secret_ref.name == "n8n-sentry"


def test_errors_are_told_apart_by_environment() -> None:
    assert sentry_variables("staging")["ENVIRONMENT"] == "staging"
