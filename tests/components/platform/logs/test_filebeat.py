from typing import Any

from components.platform.logs.filebeat import LogShipper, LogShipperArgs, filebeat_config, filebeat_spec
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import record

ARGS = LogShipperArgs(namespace="log-shippers", image="docker.elastic.co/beats/filebeat:9.5.1", priority_class="platform")


def _pod() -> dict[str, Any]:
    pod: dict[str, Any] = filebeat_spec(ARGS)["daemonSet"]["podTemplate"]["spec"]
    return pod


def test_it_reads_the_logs_of_its_node_and_nothing_else_of_the_disk() -> None:
    hosts = [volume["hostPath"]["path"] for volume in _pod()["volumes"] if "hostPath" in volume]
    assert hosts == ["/var/log"]
    (container,) = _pod()["containers"]
    assert all(mount["readOnly"] for mount in container["volumeMounts"])


def test_it_is_root_with_one_right_alone() -> None:
    (container,) = _pod()["containers"]
    security = container["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]}
    assert not security["allowPrivilegeEscalation"] and security["readOnlyRootFilesystem"] and "privileged" not in security


def test_it_sends_to_logstash_over_mutual_tls_and_to_nobody_else() -> None:
    config = filebeat_config()
    assert [key for key in config if key.startswith("output.")] == ["output.logstash"]
    output = config["output.logstash"]
    assert output["ssl.verification_mode"] == "full" and output["ssl.certificate"].endswith("tls.crt")
    assert output["hosts"] == ["logs-ls-beats.logging.svc:5044"]


def test_it_stands_on_every_node_and_looks_up_pods_only() -> None:
    assert _pod()["tolerations"] == [{"operator": "Exists"}]
    graph = record(lambda: LogShipper("log-shipper", a_context(), ARGS))
    rules = graph.named("log-shipper-role").inputs["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert "secrets" not in {resource for rule in rules for resource in rule["resources"]}
    found = custom_resources(graph)
    assert len(found) == 1 and findings(found) == []
