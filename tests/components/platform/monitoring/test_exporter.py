"""An exporter's pod: what it may do, what it is given, and where it may call."""

import pytest

from components.platform.flow import Addresses
from components.platform.monitoring.exporter import Exporter, ExporterArgs, Reached
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

DATA = Addresses(cidrs=("10.0.128.0/20",))


def graph(config: str = "a: 1", scraped: bool = True) -> Graph:
    args = ExporterArgs(
        image="quay.io/x/y:v1",
        port=9187,
        environment={"DATA_SOURCE_USER": "exporter"},
        secret="exporter-credentials",
        secret_environment={"ADDRESS": "address"},
        files={"config.yml": config},
        reaches={"database": Reached(to=DATA, ports=(5432,))},
        extra={"database": "primary"},
        scraped=scraped,
    )
    return record(lambda: Exporter("postgres-primary", a_context(), args))


def pod(found: Graph) -> dict[str, object]:
    template: dict[str, object] = found.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]
    return template


def test_it_has_no_privilege_no_token_and_no_file_that_it_could_write() -> None:
    spec = pod(graph())["spec"]
    assert isinstance(spec, dict)
    (container,) = spec["containers"]
    assert spec["automountServiceAccountToken"] is False and spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert container["livenessProbe"]["httpGet"]["port"] == 9187
    assert container["startupProbe"]["httpGet"] == container["livenessProbe"]["httpGet"]


def test_it_says_why_there_is_one_of_it() -> None:
    inputs = graph().one("kubernetes:apps/v1:Deployment").inputs
    assert inputs["spec"]["replicas"] == 1
    assert "twice" in inputs["metadata"]["annotations"]["morefocus.com/single-replica"]


def test_secrets_are_files_that_others_cannot_read_or_variables_by_name() -> None:
    spec = pod(graph())["spec"]
    assert isinstance(spec, dict)
    (container,) = spec["containers"]
    by_name = {each["name"]: each for each in container["env"]}
    assert by_name["ADDRESS"]["valueFrom"]["secretKeyRef"] == {"name": "exporter-credentials", "key": "address"}
    volume = next(each for each in spec["volumes"] if each["name"] == "secrets")
    assert volume["secret"] == {"secretName": "exporter-credentials", "defaultMode": 0o440}


def test_it_reaches_what_it_exports_and_nothing_else() -> None:
    policies = graph().of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    egress = [
        each.inputs["spec"]
        for each in policies
        if each.inputs["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "postgres-primary"}}
        and "Egress" in each.inputs["spec"]["policyTypes"]
    ]
    (only,) = egress
    assert only["egress"][0]["to"] == [{"ipBlock": {"cidr": "10.0.128.0/20"}}]
    assert only["egress"][0]["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_a_changed_configuration_starts_it_anew_and_the_same_does_not() -> None:
    def fingerprint(config: str) -> object:
        metadata = pod(graph(config))["metadata"]
        assert isinstance(metadata, dict)
        return metadata["annotations"]["morefocus.com/config"]

    assert fingerprint("a: 1") == fingerprint("a: 1") != fingerprint("a: 2")


def test_what_is_asked_by_probes_alone_has_no_monitor() -> None:
    assert graph().of_type("kubernetes:monitoring.coreos.com/v1:PodMonitor")
    assert not graph(scraped=False).of_type("kubernetes:monitoring.coreos.com/v1:PodMonitor")


def test_a_variable_from_a_secret_that_is_not_named_is_refused() -> None:
    with pytest.raises(ValueError, match="secret must name the secret that PASSWORD"):
        ExporterArgs(image="x", port=1, secret_environment={"PASSWORD": "password"})
