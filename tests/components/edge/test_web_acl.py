import re
from collections.abc import Callable
from dataclasses import replace

import botocore.session
import pytest

from components.edge.web_acl import WebAcl, WebAclArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

ACL = "aws:wafv2/webAcl:WebAcl"
ARGS = WebAclArgs(scope="REGIONAL", log_key_arn="arn:key", protects={"ingress": "arn:balancer"}, behind_cdn=True)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: WebAcl("firewall", a_context(Region.EU_WEST_1), ARGS))


def test_it_stands_before_what_it_protects(graph: Graph) -> None:
    association = graph.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs
    assert association["resourceArn"] == "arn:balancer"
    assert association["webAclArn"] == computed_outputs(ACL, "firewall-acl", {})["arn"]


def test_what_no_rule_stops_goes_through(graph: Graph) -> None:
    acl = graph.one(ACL).inputs
    assert acl["scope"] == "REGIONAL"
    assert acl["defaultAction"] == {"allow": {}}
    assert [rule["priority"] for rule in acl["rules"]] == [0, 1, 2, 3, 4]


def test_logs_go_encrypted_to_a_group_that_aws_accepts(graph: Graph) -> None:
    group = graph.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert group["name"] == "aws-waf-logs-morefocus-prod-euw1-firewall"
    assert group["kmsKeyId"] == "arn:key"
    assert group["retentionInDays"] == 365
    logging = graph.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs
    assert logging["logDestinationConfigs"] == [computed_outputs("aws:cloudwatch/logGroup:LogGroup", "firewall-log", {})["arn"]]


def test_credentials_are_in_no_log_and_no_sample(graph: Graph) -> None:
    logging = graph.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs
    redacted = logging["redactedFields"]
    assert {each["singleHeader"]["name"] for each in redacted if "singleHeader" in each} == {"authorization", "cookie", "x-api-key"}
    assert {"queryString": {}} in redacted, "a query may hold a token"
    acl = graph.one(ACL).inputs
    for visibility in (acl["visibilityConfig"], *(rule["visibilityConfig"] for rule in acl["rules"])):
        assert visibility["sampledRequestsEnabled"] is False


def test_a_request_that_no_rule_acted_on_is_not_logged(graph: Graph) -> None:
    filter_ = graph.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs["loggingFilter"]
    assert filter_["defaultBehavior"] == "DROP"
    (kept,) = filter_["filters"]
    actions = {condition["actionCondition"]["action"] for condition in kept["conditions"]}
    assert "BLOCK" in actions
    assert "ALLOW" not in actions
    assert actions <= set(botocore.session.get_session().get_service_model("wafv2").shape_for("ActionValue").enum)


def test_names_and_description_are_ones_waf_takes(graph: Graph) -> None:
    model = botocore.session.get_session().get_service_model("wafv2")
    acl = graph.one(ACL).inputs
    for shape, value in (
        ("EntityName", acl["name"]),
        ("MetricName", acl["visibilityConfig"]["metricName"]),
        ("EntityDescription", acl["description"]),
    ):
        assert re.search(model.shape_for(shape).metadata["pattern"], value)


def test_one_for_cloudfront_is_made_in_us_east_1_only() -> None:
    args = WebAclArgs(scope="CLOUDFRONT", log_key_arn="arn:key")
    graph = record(lambda: WebAcl("firewall", a_context(Region.US_EAST_1), args))
    assert graph.one(ACL).inputs["scope"] == "CLOUDFRONT"
    with pytest.raises(ValueError, match=r"scope CLOUDFRONT can only be made in us-east-1 \(this stack is sa-east-1\)"):
        record(lambda: WebAcl("firewall", a_context(Region.SA_EAST_1), args))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, scope="GLOBAL"), r"REGIONAL or CLOUDFRONT \(got 'GLOBAL'\)"),
        (lambda args: replace(args, scope="CLOUDFRONT"), r"a distribution takes the ACL's arn \(got ingress\)"),
        (lambda args: replace(args, scope="CLOUDFRONT", protects={}), "behind_cdn is for scope REGIONAL"),
        (lambda args: replace(args, requests_per_minute=9), r"must be 10 to 2,000,000,000 \(got 9\)"),
        (lambda args: replace(args, counted_rules={"None": ("x",)}), "counted_rules names None; the groups are"),
        (lambda args: replace(args, log_retention_days=100), "log_retention_days must be one of"),
    ],
)
def test_what_waf_would_refuse_is_refused_at_once(change: Callable[[WebAclArgs], WebAclArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
