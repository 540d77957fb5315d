"""Probes of the APIs that workflows call."""

import pytest

from components.platform.monitoring.api_probes import MODULE, ApiProbes, ApiProbesArgs, probe_config
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ARGS = ApiProbesArgs(
    image="quay.io/prometheus/blackbox-exporter:v1", apis={"stripe": "https://api.stripe.com", "openai": "https://api.openai.com"}
)


def test_each_api_is_asked_by_its_name_through_the_exporters_own_service() -> None:
    graph = record(lambda: ApiProbes("api-probes", a_context(), ARGS))
    probes = {
        each.inputs["spec"]["targets"]["staticConfig"]["labels"]["api"]: each.inputs["spec"]
        for each in graph.of_type("kubernetes:monitoring.coreos.com/v1:Probe")
    }
    assert set(probes) == {"stripe", "openai"}
    service = graph.one("kubernetes:core/v1:Service").inputs
    where = f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc:{service['spec']['ports'][0]['port']}"
    assert {spec["prober"]["url"] for spec in probes.values()} == {where}
    assert probes["stripe"]["targets"]["staticConfig"]["static"] == ["https://api.stripe.com"]
    assert {spec["module"] for spec in probes.values()} == {MODULE}


def test_a_refusal_is_an_answer_and_a_failure_of_the_server_is_none() -> None:
    http = probe_config()["modules"][MODULE]["http"]
    assert {401, 403, 404} <= set(http["valid_status_codes"]) and not {code for code in http["valid_status_codes"] if code >= 500}
    assert http["fail_if_not_ssl"] is True and "tls_config" not in http


def test_addresses_without_tls_and_no_address_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="must begin with https"):
        ApiProbesArgs(image="x", apis={"plain": "http://api.example.com"})
    with pytest.raises(ValueError, match="leave the component out"):
        ApiProbesArgs(image="x", apis={})
