"""n8n and the APIs it calls: how long, how often wrong, how many waiting (OBS-3)."""

from components.platform.monitoring.rule import Alert, Group, Record

ERROR_PERCENT = 1
"""Share of executions that may fail (OBS-3)."""
PRODUCTION = 'mode!="manual"'
"""Executions that somebody starts in the editor to try something are no failures of the service."""

_WHO = "{{ $labels.namespace }}{{ with $labels.tenant }} (tenant {{ . }}){{ end }}"


def automation_rules(*, slow_seconds: int, deep_queue: int) -> Group:
    """Return the rules about n8n, for each tenant's own and the shared one alike.

    `slow_seconds` is the 95th percentile of an execution from which customers wait, `deep_queue` the jobs waiting that workers should have
    been added for. Names and labels are those of n8n 2's own metrics; how many wait is told by mains alone, and by each of them the same.
    Source: https://docs.n8n.io/hosting/configuration/configuration-examples/prometheus/
    """
    of = "by (namespace, tenant)"
    return Group(
        name="automation",
        rules=[
            Record(
                name="automation:executions:rate5m",
                expr=f"sum {of} (rate(n8n_workflow_execution_duration_seconds_count{{{PRODUCTION}}}[5m]))",
            ),
            Record(
                name="automation:failures:percent",
                expr=(
                    f'100 * sum {of} (rate(n8n_workflow_execution_duration_seconds_count{{status="failed", {PRODUCTION}}}[5m]))'
                    " / (automation:executions:rate5m > 0)"
                ),
            ),
            Record(
                name="automation:execution_seconds:p95",
                expr=(
                    "histogram_quantile(0.95, sum by (namespace, tenant, le) "
                    f"(rate(n8n_workflow_execution_duration_seconds_bucket{{{PRODUCTION}}}[5m])))"
                ),
            ),
            Record(
                name="automation:execution_seconds:mean",
                expr=(
                    f"sum {of} (rate(n8n_workflow_execution_duration_seconds_sum{{{PRODUCTION}}}[5m])) / (automation:executions:rate5m > 0)"
                ),
            ),
            Record(name="automation:queue_waiting:max", expr=f"max {of} (n8n_scaling_mode_queue_jobs_waiting)"),
            Record(name="automation:queue_active:max", expr=f"max {of} (n8n_scaling_mode_queue_jobs_active)"),
            *_execution_alerts(slow_seconds, deep_queue, of),
            *_process_alerts(of),
        ],
    )


def _execution_alerts(slow_seconds: int, deep_queue: int, of: str) -> list[Alert]:
    return [
        Alert(
            name="WorkflowErrorRateHigh",
            expr=f"automation:failures:percent > {ERROR_PERCENT}",
            hold="10m",
            severity="critical",
            summary="More executions fail than may",
            description=f"In {_WHO} {{{{ $value | humanize }}}} % of the executions fail; {ERROR_PERCENT} % may.",
        ),
        Alert(
            name="WorkflowExecutionSlow",
            expr=f"automation:execution_seconds:p95 > {slow_seconds}",
            hold="15m",
            severity="warning",
            summary="Executions take long",
            description=f"In {_WHO} one execution in twenty takes more than {{{{ $value | humanizeDuration }}}}.",
        ),
        Alert(
            name="WorkflowQueueDeep",
            expr=f"automation:queue_waiting:max > {deep_queue}",
            hold="10m",
            severity="warning",
            summary="Jobs wait for a worker",
            description=f"In {_WHO} {{{{ $value | humanize }}}} jobs wait, and no worker was added for them.",
        ),
        Alert(
            name="WorkflowQueueStalled",
            expr=f"automation:queue_waiting:max > 0 and sum {of} (rate(n8n_scaling_mode_queue_jobs_completed[10m])) == 0",
            hold="10m",
            severity="page",
            summary="Jobs wait, and none is done",
            description=f"In {_WHO} {{{{ $value | humanize }}}} jobs wait, and no worker has finished one for ten minutes.",
        ),
    ]


def _process_alerts(of: str) -> list[Alert]:
    return [
        Alert(
            name="AutomationWithoutLeader",
            expr=f"sum {of} (n8n_instance_role_leader) < 1",
            hold="5m",
            severity="page",
            summary="No main leads: no schedule fires",
            description=f"In {_WHO} no main is the leader; schedules and polls do not fire, webhooks still do.",
        ),
        Alert(
            name="AutomationLeadersDiffer",
            expr=f"sum {of} (n8n_instance_role_leader) > 1",
            hold="5m",
            severity="critical",
            summary="Two mains lead: schedules fire twice",
            description=f"In {_WHO} {{{{ $value | humanize }}}} mains hold themselves for the leader.",
        ),
        Alert(
            name="AutomationEventLoopSlow",
            expr="n8n_nodejs_eventloop_lag_p99_seconds > 0.5",
            hold="10m",
            severity="warning",
            summary="A process of n8n does not keep up",
            description="{{ $labels.namespace }}/{{ $labels.pod }} is {{ $value | humanizeDuration }} late; probes may end it.",
        ),
        Alert(
            name="AutomationVersionsDiffer",
            expr=f"count {of} (count by (namespace, tenant, version) (n8n_version_info)) > 1",
            hold="30m",
            severity="warning",
            summary="Two versions of n8n run side by side",
            description=f"In {_WHO} {{{{ $value | humanize }}}} versions run; one may not read what the other wrote.",
        ),
    ]


def external_api_rules(*, slow_seconds: float) -> Group:
    """Return the rules about APIs of others that workflows call, as seen from the cluster.

    n8n counts its nodes' runs and does not time their requests, and the mesh sees encrypted bytes: so the APIs are asked by the blackbox
    exporter, each minute, whatever they answer.
    Source: https://github.com/prometheus/blackbox_exporter
    """
    return Group(
        name="external-apis",
        rules=[
            Record(name="external_api:latency_seconds:mean5m", expr="avg by (api) (avg_over_time(probe_duration_seconds[5m]))"),
            Record(name="external_api:success:ratio5m", expr="avg by (api) (avg_over_time(probe_success[5m]))"),
            Alert(
                name="ExternalApiSlow",
                expr=f"external_api:latency_seconds:mean5m > {slow_seconds}",
                hold="10m",
                severity="warning",
                summary="An API that workflows call is slow",
                description="{{ $labels.api }} answers after {{ $value | humanizeDuration }}.",
            ),
            Alert(
                name="ExternalApiDown",
                expr="external_api:success:ratio5m < 0.5",
                hold="5m",
                severity="critical",
                summary="An API that workflows call does not answer",
                description="{{ $labels.api }} answered {{ $value | humanizePercentage }} of the last five minutes' questions.",
            ),
        ],
    )
