"""The web client's delivery, which exists once."""

import json
from typing import Any

import pytest

from config.load import load
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS

HUB = "us-east-1"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def test_the_distribution_reads_the_content_bucket_by_the_name_the_bucket_has() -> None:
    graph = shipped_graph(HUB)
    bucket = graph.named("web-content-bucket").inputs["bucket"]
    origin = graph.one(DISTRIBUTION, "web-distribution").inputs["origins"][0]
    assert origin["domainName"] == f"{bucket}.s3.us-east-1.amazonaws.com"


def test_only_the_distribution_may_read_the_content() -> None:
    graph = shipped_graph(HUB)
    policy = json.loads(graph.named("web-content-policy").inputs["policy"])
    readers = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    arn = "arn:aws:cloudfront:us-east-1:123456789012:web-distribution"
    assert readers and all(each["Condition"] == {"StringEquals": {"aws:SourceArn": arn}} for each in readers)


def test_the_web_client_has_a_certificate_and_records_of_its_name() -> None:
    graph = shipped_graph(HUB)
    assert graph.named("web-certificate-certificate").inputs["domainName"] == "app.morefocus.com"
    distribution = graph.one(DISTRIBUTION, "web-distribution").inputs
    assert distribution["aliases"] == ["app.morefocus.com"]
    assert {graph.named(f"web-record-{kind}").inputs["name"] for kind in ("a", "aaaa")} == {"app.morefocus.com"}


def test_the_distribution_stands_behind_a_web_acl_of_its_scope() -> None:
    graph = shipped_graph(HUB)
    acl = graph.named("web-firewall-acl")
    assert acl.inputs["scope"] == "CLOUDFRONT"
    assert graph.one(DISTRIBUTION, "web-distribution").inputs["webAclId"] == "arn:aws:wafv2:us-east-1:123456789012:web-firewall-acl"


def test_the_logs_of_all_distributions_go_to_the_regions_log_bucket() -> None:
    graph = shipped_graph(HUB)
    destinations = graph.of_type("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination")
    bucket = graph.named("logs-bucket").inputs["bucket"]
    led = {each.inputs["deliveryDestinationConfiguration"]["destinationResourceArn"] for each in destinations}
    assert led == {f"arn:aws:s3:::{bucket}"}
    assert len(destinations) == len(graph.of_type("aws:cloudfront/distribution:Distribution"))


def test_the_zone_is_of_the_estates_domain() -> None:
    assert shipped_graph(HUB).one("aws:route53/zone:Zone").inputs["name"] == "morefocus.com"


def test_every_stack_with_n8n_has_a_public_name_for_webhooks_that_leads_to_its_own_load_balancer() -> None:
    graph = shipped_graph(HUB)
    names = {each.inputs["aliases"][0]: each.inputs["origins"][0]["domainName"] for each in graph.of_type(DISTRIBUTION)}
    names.pop("app.morefocus.com")
    assert names == {
        "hooks.use1.morefocus.com": "origin.use1.morefocus.com",
        "hooks.euw1.morefocus.com": "origin.euw1.morefocus.com",
        "hooks.sae1.morefocus.com": "origin.sae1.morefocus.com",
        "hooks.use1.staging.morefocus.com": "origin.use1.staging.morefocus.com",
    }
    told = {str(_environment(stack)["N8N_WEBHOOK_URL"]) for stack in STACKS if load(stack).plan.platform.automation.enabled}
    assert told == {f"https://{name}/" for name in names}


def test_one_certificate_speaks_for_all_of_them_and_their_zone_proves_it() -> None:
    graph = shipped_graph(HUB)
    certificate = graph.named("hooks-certificate-certificate").inputs
    names = {certificate["domainName"], *certificate["subjectAlternativeNames"]}
    aliases = {name for each in graph.of_type(DISTRIBUTION) for name in each.inputs["aliases"]} - {"app.morefocus.com"}
    assert names == aliases
    # The hub's own, so that a region more does not change what the certificate is called.
    assert certificate["domainName"] == "hooks.use1.morefocus.com"


def test_the_client_reaches_the_api_of_each_region_that_has_one_and_the_pools_its_users_sign_in_at() -> None:
    graph = shipped_graph(HUB)
    distribution = graph.one(DISTRIBUTION, "web-distribution").inputs
    served = [plan for plan in (load(stack).plan for stack in STACKS if stack != "staging") if plan.scheduling.enabled]
    assert served
    hosts = {each["originId"]: each["domainName"] for each in distribution["origins"]}
    led = {each["pathPattern"]: hosts[each["targetOriginId"]] for each in distribution["orderedCacheBehaviors"]}
    assert led == {f"/api/{plan.region.code}/*": f"api.{plan.region.code}.morefocus.com" for plan in served}
    for plan in served:
        assert f"https://morefocus-prod-{plan.region.code}-scheduling-users.auth.{plan.region}.amazoncognito.com" in _policy()
    assert "https://api.stripe.com" in _policy() and "https://api.mercadopago.com" in _policy()


@pytest.mark.parametrize("stack", [HUB, "eu-west-1"])
def test_the_derived_name_of_a_pool_is_the_one_it_has(stack: str) -> None:
    domain = shipped_graph(stack).one("aws:cognito/userPoolDomain:UserPoolDomain").inputs["domain"]
    assert f"https://{domain}.auth.{stack}.amazoncognito.com" in _policy()


def _policy() -> str:
    headers = shipped_graph(HUB).named("web-headers").inputs
    return str(headers["securityHeadersConfig"]["contentSecurityPolicy"]["contentSecurityPolicy"])


def _environment(stack: str) -> dict[str, Any]:
    main = shipped_graph(stack).one("kubernetes:apps/v1:Deployment", "automation-main").inputs
    return {each["name"]: each.get("value") for each in main["spec"]["template"]["spec"]["containers"][0]["env"]}
