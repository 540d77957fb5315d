"""The pods of n8n's processes: containers, task runners, volumes, probes and where they may stand (N8N-1, N8N-2, SEC-7, BDR-7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi_kubernetes.core.v1 import (
    AffinityArgs,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    NodeAffinityArgs,
    NodeSelectorRequirementArgs,
    NodeSelectorTermArgs,
    PersistentVolumeClaimVolumeSourceArgs,
    PodSpecArgs,
    PreferredSchedulingTermArgs,
    ProbeArgs,
    SecretKeySelectorArgs,
    SecretVolumeSourceArgs,
    SleepActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from components.platform.workload import container_security, over_zones, pod_security, resources
from components.products.automation.environment import RUNNERS_TOKEN, EnvironmentArgs, plain_variables, runner_variables, secret_variables
from components.products.automation.facts import (
    CERTIFICATE,
    CERTIFICATE_SECRET,
    CONTAINER,
    DATA,
    DATABASE_CA,
    HEALTH,
    HOME,
    LAUNCHER_PORT,
    PACKAGES,
    READINESS,
    REDELIVERY,
    REDELIVERY_FILE,
    RUNNER_HOME,
    USER,
    Role,
    SecretKey,
)
from components.products.automation.watched import agent_container, agent_mount, agent_volume, optional_variables

LEAVING_SECONDS = 20
"""Between a pod's end and its last request: as long as the load balancer takes to send no more."""
MARGIN_SECONDS = 30
"""Left to n8n after its own time for shutting down, before it is killed."""
_CAPACITY = ("eks.amazonaws.com/capacityType", "karpenter.sh/capacity-type")
"""Labels by which managed node groups and Karpenter say what they pay for a node; the first in upper case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PodArgs:
    """Images and sizes; requests and limits as N8N-2 gives them."""

    image: str
    """Of n8n, with tag and digest."""
    runner_image: str
    """Of its task runners, on the same tag."""
    service_account: str
    packages_claim: str
    """Volume claim of community packages."""
    priority_classes: Mapping[Role, str] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=lambda: {"cpu": "250m", "memory": "512Mi"})
    limits: Mapping[str, str] = field(default_factory=lambda: {"cpu": "1000m", "memory": "2Gi"})
    runner_requests: Mapping[str, str] = field(default_factory=lambda: {"cpu": "50m", "memory": "128Mi"})
    runner_limits: Mapping[str, str] = field(default_factory=lambda: {"cpu": "500m", "memory": "512Mi"})
    agent_image: str | None = None
    """Of New Relic's agent; None for none (OBS-5)."""
    optional_secrets: tuple[str, ...] = ()
    """Secrets whose keys are variables too, each of which may be absent."""


def pod(role: Role, args: PodArgs, told: EnvironmentArgs) -> PodSpecArgs:
    """Return the pod of one role."""
    return PodSpecArgs(
        service_account_name=args.service_account,
        automount_service_account_token=False,
        enable_service_links=False,
        priority_class_name=args.priority_classes.get(role),
        security_context=pod_security(USER),
        # Its own time, the load balancer's, and a margin: nothing is killed in the middle that could have ended.
        termination_grace_period_seconds=grace_seconds(role, told),
        topology_spread_constraints=[over_zones(role.match)],
        affinity=AffinityArgs(node_affinity=_capacity("spot" if role is Role.WORKER else "on-demand")),
        init_containers=[
            *([agent_container(args.agent_image)] if args.agent_image else []),
            *([_runner(args, told)] if role is Role.WORKER else []),
        ],
        containers=[_process(role, args, told)],
        volumes=[*_volumes(role, args.packages_claim, told=told), *([agent_volume()] if args.agent_image else [])],
    )


def grace_seconds(role: Role, told: EnvironmentArgs) -> int:
    """Return how long a pod of `role` may take to end."""
    return told.shutdown_seconds[role] + LEAVING_SECONDS + MARGIN_SECONDS


def variables(role: Role, told: EnvironmentArgs) -> list[EnvVarArgs]:
    """Return a process's whole environment, plain values first."""
    plain = {**plain_variables(told, role), **told.extra}
    secret = secret_variables(role, licensed=told.licensed)
    return [
        *(EnvVarArgs(name=name, value=value) for name, value in sorted(plain.items())),
        *(_secret(name, key) for name, key in sorted(secret.items())),
    ]


def export_variables(told: EnvironmentArgs) -> list[EnvVarArgs]:
    """Return the environment of n8n's own commands: the database, and the key that every n8n of it must have."""
    plain = {**plain_variables(told, Role.WORKER), "EXECUTIONS_MODE": "regular", "N8N_METRICS": "false"}
    wanted = (SecretKey.ENCRYPTION, SecretKey.DATABASE)
    secret = {name: key for name, key in secret_variables(Role.WORKER, licensed=False).items() if key in wanted}
    return [
        *(EnvVarArgs(name=name, value=value) for name, value in sorted(plain.items())),
        *(_secret(name, key) for name, key in sorted(secret.items())),
    ]


def export_volumes(told: EnvironmentArgs) -> tuple[list[VolumeArgs], list[VolumeMountArgs]]:
    """Return volumes, and their mounts, that n8n's own commands need beside places to write to."""
    volumes = [each for each in _volumes(Role.MAIN, told=told) if each.name == "database-ca"]
    return volumes, [each for each in _mounts(Role.MAIN, told) if each.name == "database-ca"]


def command(role: Role, told: EnvironmentArgs) -> list[str]:
    """Return n8n's command and flags for a role; the image's entry point puts `n8n` before it."""
    match role:
        case Role.MAIN:
            return ["start"]
        case Role.WEBHOOK:
            return ["webhook"]
        case Role.WORKER:
            return ["worker", f"--concurrency={told.concurrency}"]


def _process(role: Role, args: PodArgs, told: EnvironmentArgs) -> ContainerArgs:
    return ContainerArgs(
        name=CONTAINER,
        image=args.image,
        args=command(role, told),
        env=[*variables(role, told), *_hooks(role)],
        env_from=optional_variables(args.optional_secrets),
        ports=[ContainerPortArgs(name="https" if role is Role.WEBHOOK else "http", container_port=role.port)],
        resources=resources(args.requests, args.limits),
        security_context=container_security(),
        # From an empty database a main migrates for half a minute; five are enough for the largest.
        startup_probe=_probe(role, HEALTH, period=5, failures=60),
        liveness_probe=_probe(role, HEALTH, period=15, failures=4),
        readiness_probe=_probe(role, READINESS, period=5, failures=3),
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=LEAVING_SECONDS)))
        if role is Role.WEBHOOK
        else None,
        volume_mounts=[*_mounts(role, told), *([agent_mount()] if args.agent_image else [])],
    )


def _runner(args: PodArgs, told: EnvironmentArgs) -> ContainerArgs:
    """Return the task runners of a worker, which end after it: what it still executes may need them.

    A main that hands manual executions to workers has none, and starts no broker for them.
    Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    plain = [EnvVarArgs(name=name, value=value) for name, value in sorted(runner_variables(told).items())]
    return ContainerArgs(
        name="runners",
        image=args.runner_image,
        restart_policy="Always",
        env=[*plain, _secret(RUNNERS_TOKEN, SecretKey.RUNNERS)],
        ports=[ContainerPortArgs(name="launcher", container_port=LAUNCHER_PORT)],
        resources=resources(args.runner_requests, args.runner_limits),
        security_context=container_security(),
        liveness_probe=ProbeArgs(
            http_get=HTTPGetActionArgs(path=HEALTH, port=LAUNCHER_PORT), period_seconds=15, failure_threshold=4, initial_delay_seconds=10
        ),
        volume_mounts=[VolumeMountArgs(name="runner-home", mount_path=RUNNER_HOME), VolumeMountArgs(name="tmp", mount_path="/tmp")],  # noqa: S108 - a volume of the pod's own
    )


def _probe(role: Role, path: str, *, period: int, failures: int) -> ProbeArgs:
    scheme = "HTTPS" if role is Role.WEBHOOK else "HTTP"
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=path, port=role.port, scheme=scheme),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )


def _mounts(role: Role, told: EnvironmentArgs) -> list[VolumeMountArgs]:
    found = [
        VolumeMountArgs(name="home", mount_path=HOME),
        # A volume of its own: the folder that a mount below it would make otherwise belongs to root.
        VolumeMountArgs(name="data", mount_path=DATA),
        VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the pod's own
        # Mains install packages; the others only load them.
        VolumeMountArgs(name="packages", mount_path=PACKAGES, read_only=role is not Role.MAIN),
    ]
    if role is Role.WORKER:
        found.append(VolumeMountArgs(name="redelivery", mount_path=f"/etc/{REDELIVERY}", read_only=True))
    if role is Role.WEBHOOK:
        found.append(VolumeMountArgs(name="certificate", mount_path=CERTIFICATE, read_only=True))
    if told.database.ca_secret is not None:
        found.append(VolumeMountArgs(name="database-ca", mount_path=DATABASE_CA, read_only=True))
    return found


def _volumes(role: Role, claim: str = "", *, told: EnvironmentArgs) -> list[VolumeArgs]:
    found = [
        VolumeArgs(name="home", empty_dir=EmptyDirVolumeSourceArgs(size_limit="1Gi")),
        VolumeArgs(name="data", empty_dir=EmptyDirVolumeSourceArgs(size_limit="256Mi")),
        VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs(size_limit="1Gi")),
        VolumeArgs(name="packages", persistent_volume_claim=PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)),
    ]
    if role is Role.WORKER:
        found.append(VolumeArgs(name="runner-home", empty_dir=EmptyDirVolumeSourceArgs(size_limit="256Mi")))
        found.append(VolumeArgs(name="redelivery", config_map=ConfigMapVolumeSourceArgs(name=REDELIVERY, default_mode=0o444)))
    if role is Role.WEBHOOK:
        found.append(VolumeArgs(name="certificate", secret=SecretVolumeSourceArgs(secret_name=CERTIFICATE_SECRET, default_mode=0o440)))
    if told.database.ca_secret is not None:
        found.append(VolumeArgs(name="database-ca", secret=SecretVolumeSourceArgs(secret_name=told.database.ca_secret, default_mode=0o440)))
    return found


def _hooks(role: Role) -> list[EnvVarArgs]:
    """Return what has a worker load the file that lets executions outlive it."""
    return [EnvVarArgs(name="EXTERNAL_HOOK_FILES", value=f"/etc/{REDELIVERY}/{REDELIVERY_FILE}")] if role is Role.WORKER else []


def _secret(name: str, key: SecretKey) -> EnvVarArgs:
    return EnvVarArgs(name=name, value_from=EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=key.secret, key=key.value)))


def _capacity(wanted: str) -> NodeAffinityArgs:
    """Return the wish for nodes of one price; the other is taken where there are none."""
    managed, karpenter = _CAPACITY
    terms = ((managed, wanted.upper().replace("-", "_")), (karpenter, wanted))
    return NodeAffinityArgs(
        preferred_during_scheduling_ignored_during_execution=[
            PreferredSchedulingTermArgs(
                weight=50,
                preference=NodeSelectorTermArgs(match_expressions=[NodeSelectorRequirementArgs(key=key, operator="In", values=[value])]),
            )
            for key, value in terms
        ]
    )
