"""The environment of n8n's processes, as plain facts and references to secrets (N8N-1, N8N-3, N8N-5, D5).

Names, defaults and deprecations as of n8n 2.40.5, package `@n8n/config`.
Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/basic-configuration/use-environment-variables
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.products.automation.facts import BROKER_PORT, CERTIFICATE, DATABASE_CA, HOME, PORT, WEBHOOK_PORT, Role, SecretKey

BLOCKED_NETWORKS = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
    *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("::1/128", "64:ff9b::/96", "2002::/16", "fc00::/7", "fe80::/10"),
)
"""Where no workflow's request may go: private, shared, link-local and documentation networks, and IPv6 forms that hide an IPv4 address.

Written out, since the word `default` means something else from version to version.
Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/security/enable-ssrf-protection
"""
EXCLUDED_NODES = ("n8n-nodes-base.executeCommand", "n8n-nodes-base.localFileTrigger", "n8n-nodes-base.ssh")
"""Nodes that act on the pod itself, or open shells elsewhere."""
PROXIES = 2
"""Proxies before a webhook processor whose forwarded headers are believed: CloudFront and the load balancer."""
RUNNER_SECONDS = 300
"""Longest run of one piece of code."""

RUNNERS_TOKEN = "N8N_RUNNERS_AUTH_TOKEN"  # noqa: S105 - the name of a variable
_SECRETS: Mapping[str, tuple[SecretKey, tuple[Role, ...]]] = {
    "N8N_ENCRYPTION_KEY": (SecretKey.ENCRYPTION, tuple(Role)),
    "DB_POSTGRESDB_PASSWORD": (SecretKey.DATABASE, tuple(Role)),
    "QUEUE_BULL_REDIS_PASSWORD": (SecretKey.QUEUE, tuple(Role)),
    "N8N_USER_MANAGEMENT_JWT_SECRET": (SecretKey.SESSIONS, tuple(Role)),
    "N8N_INSTANCE_OWNER_PASSWORD_HASH": (SecretKey.OWNER, (Role.MAIN,)),
    RUNNERS_TOKEN: (SecretKey.RUNNERS, (Role.WORKER,)),
    "N8N_LICENSE_ACTIVATION_KEY": (SecretKey.LICENCE, tuple(Role)),
}
"""Variable to key of a Kubernetes secret, and the roles that need it."""
_MEBI = 1024 * 1024
_FORBIDDEN = ("N8N_BASIC_AUTH_", "WEBHOOK_URL", "N8N_RUNNERS_ENABLED", "N8N_CONFIG_FILES", "EXECUTIONS_PROCESS")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseAccess:
    """Where n8n's tables are, reached through the connection pooler."""

    host: pulumi.Input[str]
    port: int = 5432
    database: str = "n8n"
    schema: str = "n8n"
    user: str = "n8n"
    pool_size: int = 4
    """Connections of one process to the pooler."""
    tls: bool = True
    ca_secret: str | None = None
    """Kubernetes secret whose key `ca.crt` signs the pooler's certificate; None where a public authority does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueAccess:
    """The Redis that holds the queue; always over TLS and with a password."""

    host: pulumi.Input[str]
    port: int = 6379


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectStore:
    """Where binary data of executions is kept in the enterprise profile."""

    bucket: pulumi.Input[str]
    region: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EnvironmentArgs:
    """What the processes of one n8n are told.

    Raises ValueError for a variable that n8n no longer knows, or that is decided here.
    """

    database: DatabaseAccess
    queue: QueueAccess
    webhook_url: str
    """Public address of webhooks, such as `https://hooks.use1.example.com/`."""
    editor_url: str = f"http://localhost:{PORT}"
    """Address at which people see the editor: their own end of a forwarded port."""
    owner_email: str
    """Login of the owner account, whose password is in a secret: the first to open the editor does not get to choose it."""
    time_zone: str = "UTC"
    licensed: bool = False
    mains: int = 1
    objects: ObjectStore | None = None
    concurrency: int = 10
    """Executions that one worker runs at a time."""
    execution_seconds: int = 3600
    """Longest run of one execution."""
    kept_hours: int = 336
    """Hours that finished executions are kept."""
    kept_executions: int = 420_000
    """Finished executions that are kept at most; n8n's own 10,000 would be less than a day."""
    shutdown_seconds: Mapping[Role, int] = field(default_factory=lambda: {Role.MAIN: 30, Role.WEBHOOK: 60, Role.WORKER: 600})
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further variables; none that is set here, and no secret."""

    def __post_init__(self) -> None:
        for name in self.extra:
            if name.startswith("N8N_BASIC_AUTH_"):
                raise ValueError(
                    f"{name} protects nothing: n8n has no basic auth since 1.0; remove it, the owner account protects the editor"
                )
            if name.startswith(_FORBIDDEN):
                raise ValueError(f"{name} is deprecated in n8n 2.x, or refused by it: remove it from extra")
        decided = sorted(set(self.extra) & {*self._decided()})
        if decided:
            raise ValueError(f"extra must not set what the platform decides: remove {', '.join(decided)}")
        if self.concurrency < 5:
            raise ValueError(f"concurrency must be 5 or more, below which n8n calls a worker unstable (got {self.concurrency})")

    def _decided(self) -> set[str]:
        plain = {name for role in Role for name in plain_variables(self, role)}
        return plain | {name for role in Role for name in secret_variables(role, licensed=True)}


def plain_variables(args: EnvironmentArgs, role: Role) -> dict[str, pulumi.Input[str]]:
    """Return what a process of `role` is told that is no secret, without `args.extra`."""
    return {**_common(args), **_data(args), **_of_role(args, role)}


def secret_variables(role: Role, *, licensed: bool) -> dict[str, SecretKey]:
    """Return variable to key of a Kubernetes secret; each role gets what it needs and no more."""
    return {name: key for name, (key, roles) in _SECRETS.items() if role in roles and (licensed or key is not SecretKey.LICENCE)}


def runner_variables(args: EnvironmentArgs) -> dict[str, pulumi.Input[str]]:
    """Return what the launcher of task runners is told, beside its token.

    Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/set-up-task-runners
    """
    return {
        "N8N_RUNNERS_TASK_BROKER_URI": f"http://127.0.0.1:{BROKER_PORT}",
        "N8N_RUNNERS_MAX_CONCURRENCY": str(args.concurrency),
        "N8N_RUNNERS_TASK_TIMEOUT": str(RUNNER_SECONDS),
        "N8N_RUNNERS_AUTO_SHUTDOWN_TIMEOUT": "15",
        "GENERIC_TIMEZONE": args.time_zone,
    }


def _common(args: EnvironmentArgs) -> dict[str, pulumi.Input[str]]:
    return {
        "N8N_USER_FOLDER": HOME,
        "N8N_EDITOR_BASE_URL": args.editor_url,
        "N8N_WEBHOOK_URL": args.webhook_url,
        "GENERIC_TIMEZONE": args.time_zone,
        "TZ": args.time_zone,
        "EXECUTIONS_MODE": "queue",
        "OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS": "true",
        "EXECUTIONS_TIMEOUT": str(args.execution_seconds),
        "EXECUTIONS_TIMEOUT_MAX": str(args.execution_seconds),
        "N8N_RUNNERS_MODE": "external",
        "N8N_RUNNERS_BROKER_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_RUNNERS_BROKER_PORT": str(BROKER_PORT),
        "N8N_RUNNERS_TASK_TIMEOUT": str(RUNNER_SECONDS),
        "N8N_BLOCK_ENV_ACCESS_IN_NODE": "true",
        "N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES": "true",
        "N8N_SSRF_PROTECTION_ENABLED": "true",
        "N8N_SSRF_BLOCKED_IP_RANGES": ",".join(BLOCKED_NETWORKS),
        "NODES_EXCLUDE": json.dumps(EXCLUDED_NODES),
        "N8N_GIT_NODE_DISABLE_BARE_REPOS": "true",
        "N8N_COMMUNITY_PACKAGES_ENABLED": "true",
        "N8N_UNVERIFIED_PACKAGES_ENABLED": "false",
        "N8N_REINSTALL_MISSING_PACKAGES": "true",
        "N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES": str(256 * _MEBI),
        "N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES": "1000",
        "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "true",
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_TEMPLATES_ENABLED": "false",
        "N8N_HIRING_BANNER_ENABLED": "false",
        "N8N_PERSONALIZATION_ENABLED": "false",
        "N8N_LOG_OUTPUT": "console",
        "N8N_LOG_FORMAT": "json",
        "N8N_LOG_LEVEL": "info",
        **_metrics(),
    }


def _metrics() -> dict[str, pulumi.Input[str]]:
    """Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/basic-configuration/configuration-examples/enable-prometheus-metrics."""
    parts = ("QUEUE_METRICS", "MESSAGE_EVENT_BUS_METRICS", "CACHE_METRICS", "DB_POOL_METRICS", "API_ENDPOINTS", "WORKFLOW_STATISTICS")
    return {"N8N_METRICS": "true", **{f"N8N_METRICS_INCLUDE_{part}": "true" for part in parts}}


def _data(args: EnvironmentArgs) -> dict[str, pulumi.Input[str]]:
    database, queue = args.database, args.queue
    found: dict[str, pulumi.Input[str]] = {
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_HOST": database.host,
        "DB_POSTGRESDB_PORT": str(database.port),
        "DB_POSTGRESDB_DATABASE": database.database,
        "DB_POSTGRESDB_SCHEMA": database.schema,
        "DB_POSTGRESDB_USER": database.user,
        "DB_POSTGRESDB_POOL_SIZE": str(database.pool_size),
        # A limit would be asked for as the connection begins, which a pooler refuses; the role has its own.
        "DB_POSTGRESDB_STATEMENT_TIMEOUT": "0",
        "DB_POSTGRESDB_SSL_ENABLED": "true" if database.tls else "false",
        "QUEUE_BULL_REDIS_HOST": queue.host,
        "QUEUE_BULL_REDIS_PORT": str(queue.port),
        "QUEUE_BULL_REDIS_TLS": "true",
        "EXECUTIONS_DATA_PRUNE": "true",
        "EXECUTIONS_DATA_MAX_AGE": str(args.kept_hours),
        "EXECUTIONS_DATA_PRUNE_MAX_COUNT": str(args.kept_executions),
        "N8N_DEFAULT_BINARY_DATA_MODE": "database" if args.objects is None else "s3",
    }
    if database.ca_secret is not None:
        found["DB_POSTGRESDB_SSL_CA_FILE"] = f"{DATABASE_CA}/ca.crt"
    if args.objects is not None:
        found |= {
            "N8N_EXTERNAL_STORAGE_S3_HOST": f"s3.{args.objects.region}.amazonaws.com",
            "N8N_EXTERNAL_STORAGE_S3_BUCKET_NAME": args.objects.bucket,
            "N8N_EXTERNAL_STORAGE_S3_BUCKET_REGION": args.objects.region,
            "N8N_EXTERNAL_STORAGE_S3_AUTH_AUTO_DETECT": "true",
        }
    return found


def _of_role(args: EnvironmentArgs, role: Role) -> dict[str, pulumi.Input[str]]:
    found: dict[str, pulumi.Input[str]] = {"N8N_GRACEFUL_SHUTDOWN_TIMEOUT": str(args.shutdown_seconds[role])}
    match role:
        case Role.MAIN:
            found |= {
                "N8N_PORT": str(PORT),
                "N8N_DISABLE_PRODUCTION_MAIN_PROCESS": "true",
                # Minutes until what neither runs nor waits any more is marked crashed; three hours by itself.
                "N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL": "5",
                "N8N_PUBLIC_API_SWAGGERUI_DISABLED": "true",
                "N8N_INSTANCE_OWNER_MANAGED_BY_ENV": "true",
                "N8N_INSTANCE_OWNER_EMAIL": args.owner_email,
                "N8N_MULTI_MAIN_SETUP_ENABLED": "true" if args.mains > 1 else "false",
            }
        case Role.WEBHOOK:
            found |= {
                "N8N_PORT": str(WEBHOOK_PORT),
                "N8N_PROTOCOL": "https",
                "N8N_SSL_CERT": f"{CERTIFICATE}/tls.crt",
                "N8N_SSL_KEY": f"{CERTIFICATE}/tls.key",
                "N8N_PROXY_HOPS": str(PROXIES),
            }
        case Role.WORKER:
            found |= {"QUEUE_HEALTH_CHECK_ACTIVE": "true", "QUEUE_HEALTH_CHECK_PORT": str(PORT)}
    return found
