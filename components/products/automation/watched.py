"""What n8n's pods have for services that watch from outside: New Relic's agent, and the address that Sentry is told at (OBS-5)."""

from collections.abc import Mapping, Sequence

from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvFromSourceArgs,
    SecretEnvSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from components.platform.workload import container_security, resources

AGENT = "new-relic"
"""Name of the container that brings the agent, and of its volume."""
FOLDER = "/newrelic-instrumentation"
LOAD = f"--require {FOLDER}/newrelicinstrumentation.js"
"""How Node.js loads the agent before anything else.

Source: https://github.com/newrelic/newrelic-agent-init-container/tree/v14.3.0.0_nodejs/src/nodejs
"""
NEW_RELIC_SECRET, SENTRY_SECRET = "n8n-new-relic", "n8n-sentry"
HOSTS: Mapping[str, str] = {"us": "collector.newrelic.com", "eu": "collector.eu01.nr-data.net"}
"""Where the agent reports to, by the site of the account.

Source: https://docs.newrelic.com/docs/new-relic-solutions/get-started/networks/
"""


def new_relic_variables(site: str, environment: str) -> dict[str, str]:
    """Return the variables that come with the key of the account: without it n8n runs without the agent.

    What is sent holds no payload and no parameter of a request: they are workflows' data.
    Source: https://docs.newrelic.com/docs/apm/agents/nodejs-agent/installation-configuration/nodejs-agent-configuration/
    """
    return {
        "NODE_OPTIONS": LOAD,
        "NEW_RELIC_APP_NAME": f"n8n {environment}",
        "NEW_RELIC_HOST": HOSTS[site],
        "NEW_RELIC_LOG": "stdout",
        "NEW_RELIC_LOG_LEVEL": "warn",
        "NEW_RELIC_ATTRIBUTES_EXCLUDE": "request.*,response.*,message.*",
        "NEW_RELIC_RECORD_SQL": "off",
        "NEW_RELIC_APPLICATION_LOGGING_FORWARDING_ENABLED": "false",
    }


def sentry_variables(environment: str) -> dict[str, str]:
    """Return the variables beside `N8N_SENTRY_DSN`, which n8n itself knows.

    Source: https://github.com/n8n-io/n8n/blob/master/packages/%40n8n/config/src/configs/sentry.config.ts
    """
    return {"ENVIRONMENT": environment, "DEPLOYMENT_NAME": "morefocus"}


def optional_variables(secrets: Sequence[str]) -> list[EnvFromSourceArgs]:
    """Return secrets whose keys are variables; a pod starts without those that are not there."""
    return [EnvFromSourceArgs(secret_ref=SecretEnvSourceArgs(name=name, optional=True)) for name in secrets]


def agent_container(image: str) -> ContainerArgs:
    """Return what copies the agent into the pod before n8n starts."""
    return ContainerArgs(
        name=AGENT,
        image=image,
        command=["cp", "-r", "/instrumentation/.", FOLDER],
        resources=resources({"cpu": "20m", "memory": "64Mi"}, {"cpu": "200m", "memory": "64Mi"}),
        security_context=container_security(),
        volume_mounts=[VolumeMountArgs(name=AGENT, mount_path=FOLDER)],
    )


def agent_mount() -> VolumeMountArgs:
    """Return where n8n finds the agent."""
    return VolumeMountArgs(name=AGENT, mount_path=FOLDER, read_only=True)


def agent_volume() -> VolumeArgs:
    """Return the volume by which the agent is handed over."""
    return VolumeArgs(name=AGENT, empty_dir=EmptyDirVolumeSourceArgs(size_limit="300Mi"))
