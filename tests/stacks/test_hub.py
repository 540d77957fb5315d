"""The web client's delivery, which exists once."""

import json

from tests.kit.composed import shipped_graph

HUB = "us-east-1"


def test_the_distribution_reads_the_content_bucket_by_the_name_the_bucket_has() -> None:
    graph = shipped_graph(HUB)
    bucket = graph.named("web-content-bucket").inputs["bucket"]
    (origin,) = graph.one("aws:cloudfront/distribution:Distribution").inputs["origins"]
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
    distribution = graph.one("aws:cloudfront/distribution:Distribution").inputs
    assert distribution["aliases"] == ["app.morefocus.com"]
    assert {graph.named(f"web-record-{kind}").inputs["name"] for kind in ("a", "aaaa")} == {"app.morefocus.com"}


def test_the_distribution_stands_behind_a_web_acl_of_its_scope() -> None:
    graph = shipped_graph(HUB)
    acl = graph.named("web-firewall-acl")
    assert acl.inputs["scope"] == "CLOUDFRONT"
    assert (
        graph.one("aws:cloudfront/distribution:Distribution").inputs["webAclId"] == "arn:aws:wafv2:us-east-1:123456789012:web-firewall-acl"
    )


def test_the_distributions_logs_go_to_the_regions_log_bucket() -> None:
    graph = shipped_graph(HUB)
    destination = graph.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").inputs
    bucket = graph.named("logs-bucket").inputs["bucket"]
    assert destination["deliveryDestinationConfiguration"]["destinationResourceArn"] == f"arn:aws:s3:::{bucket}"


def test_the_zone_is_of_the_estates_domain() -> None:
    assert shipped_graph(HUB).one("aws:route53/zone:Zone").inputs["name"] == "morefocus.com"
