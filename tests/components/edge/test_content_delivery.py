from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
import pulumi
import pytest

from components.data.bucket import Bucket, BucketArgs
from components.data.bucket_statements import bucket_arn, distribution_reads
from components.edge.access_log_fields import PERSONAL_FIELDS
from components.edge.content_delivery import ContentDelivery, ContentDeliveryArgs, store_name
from components.edge.edge_code import web_code
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, computed_outputs, record

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
FUNCTION = "aws:cloudfront/function:Function"
STORE = "aws:cloudfront/keyValueStore:KeyValueStore"
DISTRIBUTION_ARN = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"

ARGS = ContentDeliveryArgs(
    host="app.example.com",
    zone_id="Z1",
    certificate_arn="arn:certificate",
    bucket_domain_name="content.s3.us-east-1.amazonaws.com",
    web_acl_arn="arn:acl",
    log_bucket_arn="arn:aws:s3:::logs",
)
WITH_APIS = replace(ARGS, apis={"use1": "api.use1.example.com", "euw1": "api.euw1.example.com"})


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == DISTRIBUTION:
        answers |= {"arn": DISTRIBUTION_ARN, "domainName": "d1.cloudfront.net", "hostedZoneId": "Z2FDTNDATAQYW2"}
    if type_ == "aws:s3/bucket:Bucket":
        answers["bucketRegionalDomainName"] = f"{inputs['bucket']}.s3.us-east-1.amazonaws.com"
    return answers


def _graph(args: ContentDeliveryArgs = ARGS) -> Graph:
    return record(lambda: ContentDelivery("web", a_context(), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _distribution(graph: Graph) -> dict[str, Any]:
    return graph.one(DISTRIBUTION).inputs


def test_the_bucket_is_read_by_signed_requests_only(graph: Graph) -> None:
    access = graph.one("aws:cloudfront/originAccessControl:OriginAccessControl")
    assert (access.inputs["signingBehavior"], access.inputs["signingProtocol"]) == ("always", "sigv4")
    (origin,) = _distribution(graph)["origins"]
    assert origin["originAccessControlId"] == f"{access.name}-id"
    assert origin["domainName"] == ARGS.bucket_domain_name
    assert _distribution(graph)["defaultCacheBehavior"]["targetOriginId"] == origin["originId"]


def test_viewers_speak_tls_1_2_or_newer_and_are_sent_to_https(graph: Graph) -> None:
    certificate = _distribution(graph)["viewerCertificate"]
    assert certificate == {
        "acmCertificateArn": "arn:certificate",
        "minimumProtocolVersion": "TLSv1.2_2021",
        "sslSupportMethod": "sni-only",
    }
    assert _distribution(graph)["defaultCacheBehavior"]["viewerProtocolPolicy"] == "redirect-to-https"


def test_content_can_be_read_and_not_changed(graph: Graph) -> None:
    assert _distribution(graph)["defaultCacheBehavior"]["allowedMethods"] == ["GET", "HEAD"]


def test_the_web_acl_stands_before_it(graph: Graph) -> None:
    assert _distribution(graph)["webAclId"] == "arn:acl"


def test_it_answers_to_its_name_over_ipv4_and_ipv6(graph: Graph) -> None:
    assert _distribution(graph)["aliases"] == ["app.example.com"]
    assert _distribution(graph)["isIpv6Enabled"] is True
    records = [each.inputs for each in graph.of_type("aws:route53/record:Record")]
    assert {each["type"] for each in records} == {"A", "AAAA"}
    for each in records:
        assert (each["name"], each["zoneId"]) == ("app.example.com", "Z1")
        assert each["aliases"] == [{"name": "d1.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}]


def test_no_error_is_dressed_up_as_a_page(graph: Graph) -> None:
    assert _distribution(graph)["defaultRootObject"] == "index.html"
    assert "customErrorResponses" not in _distribution(graph)
    assert "customErrorResponses" not in _distribution(_graph(WITH_APIS))


def test_which_release_is_served_is_an_entry_that_no_program_writes(graph: Graph) -> None:
    store, router = graph.one(STORE), graph.one(FUNCTION)
    assert store.inputs["name"] == store_name(a_context(), "web") and store.protect
    assert router.inputs["keyValueStoreAssociations"] == [store.answered["arn"]]
    assert (router.inputs["runtime"], router.inputs["code"], router.inputs["publish"]) == ("cloudfront-js-2.0", web_code(), True)
    association = {"eventType": "viewer-request", "functionArn": router.answered["arn"]}
    assert _distribution(graph)["defaultCacheBehavior"]["functionAssociations"] == [association]
    assert not graph.of_type("aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey"), "the next `up` would take a switch back"


def test_apis_of_regions_stand_below_the_clients_own_host() -> None:
    graph = _graph(WITH_APIS)
    distribution = _distribution(graph)
    assert [each["originId"] for each in distribution["origins"]] == ["content", "api-use1", "api-euw1"]
    (headers,) = graph.of_type(HEADERS)
    for behavior, code in zip(distribution["orderedCacheBehaviors"], WITH_APIS.apis, strict=True):
        assert (behavior["pathPattern"], behavior["targetOriginId"]) == (f"/api/{code}/*", f"api-{code}")
        assert behavior["responseHeadersPolicyId"] == f"{headers.name}-id"
        assert behavior["functionAssociations"][0]["functionArn"] == graph.named("web-api-router").answered["arn"]
    assert not [each for each in _graph().resources if each.name == "web-api-router"]


def test_browsers_are_told_to_keep_to_https_and_to_our_own_code(graph: Graph) -> None:
    policy = graph.one(HEADERS)
    security = policy.inputs["securityHeadersConfig"]
    transport = security["strictTransportSecurity"]
    assert transport["accessControlMaxAgeSec"] >= 31_536_000
    assert transport["includeSubdomains"] is True
    directives = dict(each.strip().partition(" ")[::2] for each in security["contentSecurityPolicy"]["contentSecurityPolicy"].split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["object-src"] == directives["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in directives["script-src"].split()
    assert "'unsafe-eval'" not in directives["script-src"].split()
    assert security["contentTypeOptions"] == {"override": True}
    assert security["frameOptions"]["frameOption"] == "DENY"
    assert all(each["override"] is True for each in security.values())
    assert _distribution(graph)["defaultCacheBehavior"]["responseHeadersPolicyId"] == f"{policy.name}-id"


def test_south_america_is_served_from_its_own_edges(graph: Graph) -> None:
    assert _distribution(graph)["priceClass"] == "PriceClass_All"


def test_every_country_is_served_unless_some_are_named(graph: Graph) -> None:
    assert _distribution(graph)["restrictions"]["geoRestriction"] == {"restrictionType": "none", "locations": []}
    some = _distribution(_graph(replace(ARGS, countries=("BR", "AR"))))["restrictions"]["geoRestriction"]
    assert some == {"restrictionType": "whitelist", "locations": ["BR", "AR"]}


def test_access_is_logged_to_the_bucket_without_the_viewer(graph: Graph) -> None:
    source = graph.one("aws:cloudwatch/logDeliverySource:LogDeliverySource").inputs
    assert (source["logType"], source["resourceArn"]) == ("ACCESS_LOGS", DISTRIBUTION_ARN)
    destination = graph.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").inputs
    assert destination["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn:aws:s3:::logs"}
    delivery = graph.one("aws:cloudwatch/logDelivery:LogDelivery").inputs
    assert delivery["deliverySourceName"] == source["name"]
    assert delivery["recordFields"]
    assert not PERSONAL_FIELDS & set(delivery["recordFields"])
    assert "loggingConfig" not in _distribution(graph)


def test_names_of_the_log_delivery_are_ones_cloudwatch_takes(graph: Graph) -> None:
    model = botocore.session.get_session().get_service_model("logs")
    limit = model.shape_for("DeliverySourceName").metadata["max"]
    for type_ in ("aws:cloudwatch/logDeliverySource:LogDeliverySource", "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"):
        assert len(graph.one(type_).inputs["name"]) <= limit
    formats = model.shape_for("OutputFormat").enum
    assert graph.one("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").inputs["outputFormat"] in formats


def test_the_enumerated_values_are_ones_cloudfront_takes(graph: Graph) -> None:
    model = botocore.session.get_session().get_service_model("cloudfront")
    distribution = _distribution(graph)
    assert distribution["viewerCertificate"]["minimumProtocolVersion"] in model.shape_for("MinimumProtocolVersion").enum
    assert distribution["httpVersion"] in model.shape_for("HttpVersion").enum
    assert distribution["priceClass"] in model.shape_for("PriceClass").enum
    assert distribution["defaultCacheBehavior"]["viewerProtocolPolicy"] in model.shape_for("ViewerProtocolPolicy").enum


def test_a_private_bucket_and_its_distribution_can_name_each_other() -> None:
    """The bucket's policy names the distribution, which reads the bucket: the policy comes last and nothing waits in a circle."""
    context = a_context()

    def program() -> None:
        reader: tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]] = pulumi.deferred_output()
        reader_arn, resolve = reader
        statements = distribution_reads(bucket_arn(context, "content"), reader_arn)
        bucket = Bucket("content", context, BucketArgs(data_class=DataClass.PUBLIC, key_arn=None, log_bucket="logs", statements=statements))
        delivery = ContentDelivery("web", context, replace(ARGS, bucket_domain_name=bucket.regional_domain_name))
        resolve(delivery.distribution_arn)

    graph = record(program, computed=_answers)
    policy = graph.one("aws:s3/bucketPolicy:BucketPolicy")
    arn = "arn:aws:s3:::morefocus-prod-use1-content"
    request = Request(
        action="s3:GetObject",
        resource=f"{arn}/index.html",
        principal="cloudfront.amazonaws.com",
        context={"aws:SourceArn": DISTRIBUTION_ARN, "aws:SecureTransport": "true"},
    )
    assert allowed(policy.inputs["policy"], request)
    assert not allowed(policy.inputs["policy"], replace(request, context={"aws:SourceArn": f"{DISTRIBUTION_ARN}X"}))
    assert _distribution(graph)["origins"][0]["domainName"] == "morefocus-prod-use1-content.s3.us-east-1.amazonaws.com"
    assert graph.one(DISTRIBUTION).urn in policy.depends_on


def test_outside_us_east_1_it_is_refused() -> None:
    with pytest.raises(ValueError, match=r"made in us-east-1 \(this stack is eu-west-1\)"):
        record(lambda: ContentDelivery("web", a_context(Region.EU_WEST_1), ARGS))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, price_class="PriceClass_50"), r"must be PriceClass_All.*\(got 'PriceClass_50'\)"),
        (lambda args: replace(args, countries=("BR", "Brazil")), r"two-letter codes such as 'BR' \(got Brazil\)"),
        (lambda args: replace(args, apis={"us-east-1": "api.use1.example.com"}), r"apis must be by codes.*\(got us-east-1\)"),
    ],
)
def test_what_cloudfront_would_refuse_is_refused_at_once(
    change: Callable[[ContentDeliveryArgs], ContentDeliveryArgs], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
