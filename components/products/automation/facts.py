"""What n8n's processes are told and where they answer: ports, paths, names and the roles a process can have."""

from collections.abc import Mapping
from enum import StrEnum

NAME = "n8n"
CONTAINER = "n8n"
"""Name of n8n's own container in each of its pods."""
PORT = 5678
"""Where mains and workers answer inside the cluster: editor and API, or health and metrics."""
WEBHOOK_PORT = 8443
"""Where webhook processors answer over TLS: the port of the load balancer's target group."""
BROKER_PORT = 5679
"""Where a worker hands code to its task runners, within the pod."""
LAUNCHER_PORT = 5680
"""Where the launcher of task runners tells its health."""
HEALTH = "/healthz"
READINESS = f"{HEALTH}/readiness"
USER = 1000
"""`node` in n8n's image and `runner` in that of its task runners.

Source: https://github.com/n8n-io/n8n/tree/master/docker/images
"""
LOGIN, RUNNER_LOGIN = "node", "runner"
"""Users of that number in the two images."""
HOME, RUNNER_HOME = f"/home/{LOGIN}", f"/home/{RUNNER_LOGIN}"
DATA = f"{HOME}/.n8n"
"""Where n8n writes its settings file, anew in each pod."""
PACKAGES = f"{DATA}/nodes"
"""Where n8n installs community node packages."""
CERTIFICATE = "/etc/n8n-tls"
REDELIVERY = f"{NAME}-redelivery"
"""Name of the ConfigMap whose file workers load, below the folder of the same name."""
REDELIVERY_FILE = "redelivery.cjs"
DATABASE_CA = "/etc/n8n-database"
CERTIFICATE_SECRET = f"{NAME}-webhook-tls"
QUEUE_LIST = "bull:jobs:wait"
"""Redis list of executions that no worker has taken yet: Bull's key for the queue `jobs` under n8n's prefix."""
PUBLIC_PATHS = ("/webhook/*", "/webhook-waiting/*", "/form/*", "/form-waiting/*", "/mcp/*")
"""What a webhook processor serves to the world; paths of tests (`/webhook-test` and so on) are the editor's and stay inside.

Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/basic-configuration/use-environment-variables/endpoints, and the routes of
`abstract-server.js` in n8n 2.40.5
"""


class Role(StrEnum):
    """What one n8n process does."""

    MAIN = "main"
    """Editor, API, schedules and polling."""
    WEBHOOK = "webhook"
    """Takes requests from outside and queues executions."""
    WORKER = "worker"
    """Executes."""

    @property
    def deployment(self) -> str:
        """Name of its Deployment, and of its Service."""
        return f"{NAME}-{self.value}"

    @property
    def port(self) -> int:
        """Where it answers."""
        return WEBHOOK_PORT if self is Role.WEBHOOK else PORT

    @property
    def match(self) -> Mapping[str, str]:
        """Labels by which its pods are found."""
        return {"app.kubernetes.io/name": NAME, "app.kubernetes.io/component": self.value}


class SecretKey(StrEnum):
    """What n8n must keep to itself, by its key in a Kubernetes secret."""

    ENCRYPTION = "encryption-key"
    DATABASE = "database-password"
    QUEUE = "queue-password"
    SESSIONS = "jwt-secret"
    RUNNERS = "runners-token"
    LICENCE = "licence-key"
    OWNER = "owner-password-hash"

    @property
    def secret(self) -> str:
        """Name of the secret that holds it: the owner's is apart, since it is made from a password and not copied."""
        return f"{NAME}-owner" if self is SecretKey.OWNER else NAME


EVERY_ROLE: Mapping[str, str] = {"app.kubernetes.io/name": NAME}
"""Label of every pod that runs n8n."""
