from functools import cache
from typing import Any

import pulumi

from components.platform.certificate_issuers import INTERNAL, PUBLIC, CertificateIssuers, CertificateIssuersArgs, proof_policy
from tests.kit.contexts import a_context
from tests.kit.kubernetes import objects
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems

ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer"
ZONE = "arn:aws:route53:::hostedzone/Z1"


def _made() -> Graph:
    args = CertificateIssuersArgs(namespace="cert-manager", domain="example.com", zone_id="Z1")
    return record(lambda: CertificateIssuers("certificate-issuers", a_context(), args))


def _spec(graph: Graph, name: str) -> dict[str, Any]:
    (found,) = [each.inputs["spec"] for each in graph.of_type(ISSUER) if each.inputs["metadata"]["name"] == name]
    spec: dict[str, Any] = found
    return spec


def test_public_names_are_proven_in_the_estates_zone_and_nowhere_else() -> None:
    (solver,) = _spec(_made(), PUBLIC)["acme"]["solvers"]
    assert solver["selector"] == {"dnsZones": ["example.com"]}
    assert solver["dns01"] == {"route53": {"region": "us-east-1", "hostedZoneID": "Z1"}}


def test_the_inside_is_signed_by_an_authority_of_its_own_that_renews_itself() -> None:
    graph = _made()
    root = graph.one("kubernetes:cert-manager.io/v1:Certificate").inputs
    assert root["metadata"]["namespace"] == "cert-manager"
    assert root["spec"]["isCA"] is True
    hours = {key: int(root["spec"][key].partition("h")[0]) for key in ("duration", "renewBefore")}
    assert 0 < hours["renewBefore"] < hours["duration"] / 2
    assert root["spec"]["privateKey"]["rotationPolicy"] == "Always"
    assert _spec(graph, INTERNAL) == {"ca": {"secretName": root["spec"]["secretName"]}}


def test_each_waits_for_what_signs_it() -> None:
    graph = _made()
    root = graph.named("certificate-issuers-root")
    assert graph.named("certificate-issuers-self-signed").urn in root.depends_on
    assert root.urn in graph.named("certificate-issuers-internal").depends_on


def test_certificates_refer_to_issuers_that_are_there() -> None:
    graph = _made()
    published = graph.outputs_of(graph.one("morefocus:platform:CertificateIssuers"))
    assert published == {"public_issuer": PUBLIC, "internal_issuer": INTERNAL}


def test_cert_manager_takes_what_it_is_given() -> None:
    assert not [problem for item in objects(_made()) for problem in custom_problems(item)]


@cache
def _policy() -> str:
    return str(record(lambda: pulumi.export("policy", proof_policy("Z1"))).stack_outputs["policy"])


def _may(name: str, type_: str = "TXT", zone: str = ZONE) -> bool:
    keys = {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": name,
        "route53:ChangeResourceRecordSetsRecordTypes": type_,
    }
    request = Request(action="route53:ChangeResourceRecordSets", resource=zone, principal="cert-manager", context=keys)
    return allowed(_policy(), request)


def test_its_role_writes_proofs_and_no_other_record() -> None:
    assert _may("_acme-challenge.web.example.com")
    assert not _may("web.example.com")
    assert not _may("_acme-challenge.web.example.com", type_="CNAME")
    assert not _may("_acme-challenge.web.example.com", zone="arn:aws:route53:::hostedzone/Z2")
