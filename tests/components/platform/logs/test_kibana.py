from components.platform.logs.kibana import LogView, LogViewArgs, kibana_spec
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import record

ARGS = LogViewArgs(namespace="logging", image="docker.elastic.co/kibana/kibana:9.5.1", priority_class="platform")


def test_nobody_reaches_it_from_the_internet() -> None:
    graph = record(lambda: LogView("log-view", a_context(), ARGS))
    assert kibana_spec(ARGS)["http"]["service"]["spec"]["type"] == "ClusterIP"
    assert not [each for each in graph.resources if "Ingress" in each.type or "TargetGroup" in each.type]


def test_a_session_ends_and_nothing_is_told_to_its_makers() -> None:
    config = kibana_spec(ARGS)["config"]
    assert config["xpack.security.session.lifespan"] == "12h" and config["telemetry.optIn"] is False
    assert kibana_spec(ARGS)["secureSettings"] == [{"secretName": "kibana-keys"}]


def test_one_of_two_is_always_there() -> None:
    graph = record(lambda: LogView("log-view", a_context(), ARGS))
    assert kibana_spec(ARGS)["count"] == 2
    assert graph.named("log-view-budget").inputs["spec"]["maxUnavailable"] == 1
    found = custom_resources(graph)
    assert len(found) == 1 and findings(found) == []
