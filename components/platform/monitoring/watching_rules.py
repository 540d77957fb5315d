"""Who watches the watchers: targets that are gone, rules that fail, and the sign of life that an outside service waits for (OBS-6)."""

from collections.abc import Sequence

from components.platform.monitoring.rule import Alert, Group

WATCHDOG = "Watchdog"
"""Always fires: when the outside service stops hearing it, alerting itself is broken."""


def watching_rules(*, silent: Sequence[str], members: int) -> Group:
    """Return the rules about monitoring itself.

    `silent` names metrics of which there must always be one, such as `pg_up`: without its exporter an alert on it never fires.
    `members` is the number of Alertmanagers.
    Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#absent,
    https://prometheus.io/docs/alerting/latest/high_availability/
    """
    return Group(
        name="watching",
        rules=[
            Alert(
                name=WATCHDOG,
                expr="vector(1)",
                hold="0s",
                severity="none",
                summary="Alerting works",
                description="Fires always; the outside service tells people when it stops hearing this.",
            ),
            Alert(
                name="TargetDown",
                expr="100 * count by (job, namespace) (up == 0) / count by (job, namespace) (up) > 10",
                hold="10m",
                severity="warning",
                summary="Metrics cannot be read",
                description="{{ $value | humanize }} % of {{ $labels.namespace }}/{{ $labels.job }} do not answer.",
            ),
            Alert(
                name="MetricsSilent",
                expr=" or ".join(f'label_replace(absent({metric}), "metric", "{metric}", "", "")' for metric in silent),
                hold="10m",
                severity="critical",
                summary="Metrics that alerts stand on are gone",
                description="There is no {{ $labels.metric }} any more: its alerts cannot fire.",
            ),
            *_own(members),
        ],
    )


def _own(members: int) -> list[Alert]:
    return [
        Alert(
            name="PrometheusRulesFailing",
            expr="increase(prometheus_rule_evaluation_failures_total[5m]) > 0",
            hold="15m",
            severity="critical",
            summary="Rules are not evaluated",
            description="{{ $labels.pod }} fails at {{ $labels.rule_group }}: its alerts cannot fire.",
        ),
        Alert(
            name="PrometheusNearSeriesLimit",
            expr="increase(prometheus_target_scrapes_exceeded_sample_limit_total[15m]) > 0",
            hold="0s",
            severity="warning",
            summary="A target shows more series than it may",
            description="{{ $labels.pod }} dropped a target's whole answer; a label has too many values.",
        ),
        Alert(
            name="AlertmanagerNotificationsFailing",
            expr=(
                "sum by (integration) (rate(alertmanager_notifications_failed_total[5m]))"
                " / (sum by (integration) (rate(alertmanager_notifications_total[5m])) > 0) > 0.01"
            ),
            hold="5m",
            severity="critical",
            summary="Alerts do not reach people",
            description="{{ $value | humanizePercentage }} of what goes to {{ $labels.integration }} is not taken.",
        ),
        Alert(
            name="AlertmanagerMembersMissing",
            expr=f"min(alertmanager_cluster_members) < {members}",
            hold="10m",
            severity="critical",
            summary="Alertmanagers do not see each other",
            description=f"One of them sees {{{{ $value | humanize }}}} of {members}: people may be told twice, or by one alone.",
        ),
        Alert(
            name="CloudwatchNotRead",
            expr="sum by (api_name) (increase(yace_cloudwatch_request_errors[15m])) > 5",
            hold="5m",
            severity="warning",
            summary="CloudWatch refuses to be read",
            description="{{ $labels.api_name }} failed {{ $value | humanize }} times: metrics of AWS's services are missing.",
        ),
    ]
