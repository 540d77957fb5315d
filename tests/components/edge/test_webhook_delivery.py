from dataclasses import replace

import pytest

from components.edge.webhook_delivery import WebhookDelivery, WebhookDeliveryArgs, webhook_host
from config.vocabulary import Region
from tests.kit.composed import outputs_of_aws
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ARGS = WebhookDeliveryArgs(
    host="hooks.euw1.example.com",
    zone_id="Z0",
    certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/1",
    origin="origin.euw1.example.com",
    web_acl_arn="arn:aws:wafv2:us-east-1:123456789012:global/webacl/web/1",
    log_bucket_arn="arn:aws:s3:::logs",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: WebhookDelivery("hooks", a_context(), ARGS), computed=outputs_of_aws)


def _distribution(graph: Graph) -> dict[str, object]:
    return graph.named("hooks-distribution").inputs


def test_nothing_is_kept_and_everything_but_the_host_is_handed_on(graph: Graph) -> None:
    behaviour = graph.named("hooks-distribution").inputs["defaultCacheBehavior"]
    assert behaviour["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["originRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert "POST" in behaviour["allowedMethods"]


def test_there_is_no_plaintext_on_either_side(graph: Graph) -> None:
    inputs = graph.named("hooks-distribution").inputs
    assert inputs["defaultCacheBehavior"]["viewerProtocolPolicy"] == "https-only"
    origin = inputs["origins"][0]["customOriginConfig"]
    assert (origin["originProtocolPolicy"], origin["originSslProtocols"]) == ("https-only", ["TLSv1.2"])
    assert inputs["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"


def test_requests_pass_the_web_acl(graph: Graph) -> None:
    assert _distribution(graph)["webAclId"] == ARGS.web_acl_arn


def test_answers_carry_the_headers_that_browsers_take_as_orders(graph: Graph) -> None:
    behaviour = graph.named("hooks-distribution").inputs["defaultCacheBehavior"]
    assert behaviour["responseHeadersPolicyId"] == "67f7725c-6f97-4210-82d7-5512b31e9d03"


def test_both_kinds_of_addresses_lead_to_it(graph: Graph) -> None:
    records = {each.inputs["type"]: each.inputs["name"] for each in graph.of_type("aws:route53/record:Record")}
    assert records == {"A": ARGS.host, "AAAA": ARGS.host}


def test_a_region_has_a_public_name_of_its_own() -> None:
    assert webhook_host(Region.EU_WEST_1, "staging.example.com") == "hooks.euw1.staging.example.com"


def test_it_is_refused_where_its_certificate_cannot_be() -> None:
    with pytest.raises(ValueError, match="made in us-east-1"):
        record(lambda: WebhookDelivery("hooks", a_context(Region.EU_WEST_1), ARGS))


def test_a_wait_that_cloudfront_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1 to 120.*\(got 180\)"):
        replace(ARGS, seconds=180)
