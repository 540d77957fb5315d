from components.platform.logs.operator import LogOperator, LogOperatorArgs, operator_values
from components.platform.release import Chart
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ARGS = LogOperatorArgs(
    chart=Chart(chart="eck-operator", repository="https://charts.example.org", version="3.5.0"),
    image="docker.elastic.co/eck/eck-operator:3.5.0",
    namespace="logging",
    priority_class="platform",
)


def test_it_sees_its_own_two_namespaces_and_is_restricted() -> None:
    values = operator_values(ARGS)
    assert values["managedNamespaces"] == ["logging", "log-shippers"]
    assert values["podSecurityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert values["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_it_tells_nobody_outside_and_refuses_what_is_wrong_when_it_is_written() -> None:
    values = operator_values(ARGS)
    assert values["telemetry"] == {"disabled": True}
    assert values["webhook"]["failurePolicy"] == "Fail"


def test_certificates_of_its_clusters_are_renewed_a_month_before_they_end() -> None:
    config = operator_values(ARGS)["config"]
    assert config["certificatesRotateBefore"] == config["caRotateBefore"] == "720h"
    assert int(config["certificatesValidity"][:-1]) > 720


def test_it_is_one_release_of_the_pinned_chart() -> None:
    made = record(lambda: LogOperator("log-operator", a_context(), ARGS)).one("kubernetes:helm.sh/v3:Release").inputs
    assert (made["chart"], made["version"], made["name"]) == ("eck-operator", "3.5.0", "elastic-operator")
