from typing import Any

import pytest
from pulumi_aws.lb.listener import Listener

from components.edge.certificate import Certificate, CertificateArgs, names_to_prove
from tests.kit.contexts import a_context
from tests.kit.recorder import UNKNOWN, Graph, computed_outputs, record

CERTIFICATE = "aws:acm/certificate:Certificate"
RECORD = "aws:route53/record:Record"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def an_args(domain: str = "app.example.com", **alternative_names: str) -> CertificateArgs:
    return CertificateArgs(domain=domain, zone_id="Z1", alternative_names=alternative_names, alert_topic_arn=TOPIC)


ARGS = an_args(any="*.app.example.com", api="api.example.com")


def _asked(domain: str) -> dict[str, str]:
    bare = domain.removeprefix("*.")
    return {
        "domainName": domain,
        "resourceRecordName": f"_proof.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{bare}.acm-validations.aws.",
    }


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == CERTIFICATE:
        # In another order than asked: AWS gives a set.
        domains = [*reversed(inputs.get("subjectAlternativeNames", [])), inputs["domainName"]]
        answers["domainValidationOptions"] = [_asked(domain) for domain in domains]
    if type_ == RECORD:
        answers["fqdn"] = str(inputs["name"]).rstrip(".")
    return answers


def _graph(args: CertificateArgs = ARGS, *, preview: bool = False) -> Graph:
    return record(lambda: Certificate("web", a_context(), args), computed=_answers, preview=preview)


def test_each_name_is_proven_by_the_record_acm_asks_for_it() -> None:
    records = {each.name: each.inputs for each in _graph().of_type(RECORD)}
    assert {name: (each["name"], each["type"], each["records"]) for name, each in records.items()} == {
        "web-proof-main": ("_proof.app.example.com.", "CNAME", ["_app.example.com.acm-validations.aws."]),
        "web-proof-api": ("_proof.api.example.com.", "CNAME", ["_api.example.com.acm-validations.aws."]),
    }
    assert all(each["zoneId"] == "Z1" for each in records.values())


def test_a_wildcard_shares_the_proof_of_its_domain() -> None:
    assert names_to_prove(ARGS) == {"main": "app.example.com", "api": "api.example.com"}
    only = an_args("*.example.com")
    assert names_to_prove(only) == {"main": "example.com"}


def test_the_certificate_speaks_for_every_name_and_is_proven_by_dns() -> None:
    certificate = _graph().one(CERTIFICATE).inputs
    assert certificate["domainName"] == "app.example.com"
    assert certificate["subjectAlternativeNames"] == ["*.app.example.com", "api.example.com"]
    assert certificate["validationMethod"] == "DNS"


def test_a_wildcard_alone_is_proven_by_its_domain() -> None:
    graph = _graph(an_args("*.example.com"))
    assert graph.one(RECORD).inputs["name"] == "_proof.example.com."


def test_somebody_is_told_half_way_through_the_time_that_acm_has_for_a_renewal() -> None:
    graph = _graph()
    alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert (alarm["namespace"], alarm["metricName"], alarm["threshold"]) == ("AWS/CertificateManager", "DaysToExpiry", 30)
    assert alarm["dimensions"] == {"CertificateArn": graph.one(CERTIFICATE).answered["arn"]}
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]


def test_whoever_takes_the_arn_waits_until_it_is_issued() -> None:
    def program() -> None:
        certificate = Certificate("web", a_context(), ARGS)
        Listener("user", load_balancer_arn="arn:balancer", certificate_arn=certificate.arn, default_actions=[])

    graph = record(program, computed=_answers)
    validation = graph.one("aws:acm/certificateValidation:CertificateValidation")
    assert validation.urn in graph.named("user").depends_on
    assert sorted(validation.inputs["validationRecordFqdns"]) == ["_proof.api.example.com", "_proof.app.example.com"]
    assert {each.urn for each in graph.of_type(RECORD)} <= set(validation.depends_on)
    published = graph.outputs_of(graph.one("morefocus:edge:Certificate"))
    assert published["arn"] == computed_outputs(CERTIFICATE, "web-certificate", {})["arn"]


def test_at_preview_the_records_are_there_and_what_they_say_is_not_known() -> None:
    records = _graph(preview=True).of_type(RECORD)
    assert [each.name for each in records] == ["web-proof-api", "web-proof-main"]
    assert all(each.inputs["name"] == UNKNOWN for each in records)


def test_a_name_that_acm_does_not_ask_about_is_an_error() -> None:
    def silent(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        answers = _answers(type_, name, inputs)
        if type_ == CERTIFICATE:
            answers["domainValidationOptions"] = [_asked("elsewhere.org")]
        return answers

    with pytest.raises(ValueError, match=r"no DNS record that proves 'app.example.com'; it gave \['elsewhere.org'\]"):
        record(lambda: Certificate("web", a_context(), an_args()), computed=silent)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"main": "www.example.com"}, "must not use 'main', which stands for domain 'app.example.com'"),
        ({"again": "app.example.com"}, "must all differ"),
        ({"a": "www.example.com", "b": "www.example.com"}, "must all differ"),
    ],
)
def test_names_given_twice_are_refused(names: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        an_args(**names)
