"""Associations and logs of web ACLs against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/0123456789abcdef"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-front"


def acl(workbench: Workbench, name: str, scope: str = "REGIONAL", region: str = "eu-west-1") -> str:
    life = workbench.life("aws:wafv2/webAcl:WebAcl", region=region, name=name)
    seen = {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}
    life.create(name=name, scope=scope, defaultAction={"allow": {}}, visibilityConfig=seen)
    return str(life.outputs["arn"])


def protector(life: Life) -> str | None:
    found = life.boto("wafv2").get_web_acl_for_resource(ResourceArn=BALANCER).get("WebACL")
    return found["ARN"] if found else None


def test_an_association_lives_as_declared(workbench: Workbench) -> None:
    front = acl(workbench, "front")
    life = workbench.made(ASSOCIATION, webAclArn=front, resourceArn=BALANCER)
    assert protector(life) == front
    assert life.id == f"{front},{BALANCER}"
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert inputs == {"webAclArn": front, "resourceArn": BALANCER, "region": "eu-west-1"}
    assert life.replaced_by(webAclArn=acl(workbench, "other"), resourceArn=BALANCER) == {"webAclArn"}
    life.delete()
    assert life.gone()
    assert protector(life) is None


def test_a_resource_has_one_acl_and_the_old_association_does_not_end_the_new(workbench: Workbench) -> None:
    front, other = acl(workbench, "front"), acl(workbench, "other")
    first = workbench.made(ASSOCIATION, logical="first", webAclArn=front, resourceArn=BALANCER)
    second = workbench.made(ASSOCIATION, logical="second", webAclArn=other, resourceArn=BALANCER)
    assert protector(second) == other
    assert first.gone()
    first.delete()
    assert protector(second) == other


def test_a_distribution_is_not_associated_but_names_its_acl(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="webAclId"):
        workbench.life(ASSOCIATION).check(webAclArn="arn", resourceArn="arn:aws:cloudfront::123456789012:distribution/E1")


def test_logging_lives_as_declared(workbench: Workbench) -> None:
    front = acl(workbench, "front")
    given: dict[str, Any] = {
        "resourceArn": front,
        "logDestinationConfigs": [GROUP],
        "redactedFields": [{"singleHeader": {"name": "authorization"}}, {"queryString": {}}],
        "loggingFilter": {
            "defaultBehavior": "DROP",
            "filters": [{"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "BLOCK"}}]}],
        },
    }
    life = workbench.made(LOGGING, **given)
    assert life.id == front
    live = life.boto("wafv2").get_logging_configuration(ResourceArn=front)["LoggingConfiguration"]
    assert live["LogDestinationConfigs"] == [GROUP]
    assert live["RedactedFields"][0] == {"SingleHeader": {"Name": "authorization"}}
    assert live["LoggingFilter"]["Filters"][0]["Conditions"] == [{"ActionCondition": {"Action": "BLOCK"}}]
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert inputs["loggingFilter"] == given["loggingFilter"]

    life.update(resourceArn=front, logDestinationConfigs=[GROUP])
    live = life.boto("wafv2").get_logging_configuration(ResourceArn=front)["LoggingConfiguration"]
    assert "RedactedFields" not in live
    life.delete()
    assert life.gone()


def test_fields_that_are_no_longer_redacted_show_on_refresh(workbench: Workbench) -> None:
    front = acl(workbench, "front")
    life = workbench.made(LOGGING, resourceArn=front, logDestinationConfigs=[GROUP], redactedFields=[{"singleHeader": {"name": "cookie"}}])
    life.boto("wafv2").put_logging_configuration(
        LoggingConfiguration={
            "ResourceArn": front,
            "LogDestinationConfigs": [GROUP],
            "RedactedFields": [{"SingleHeader": {"Name": "host"}}],
        }
    )
    assert [change.path for change in life.refresh()] == ["redactedFields[0].singleHeader.name"]


def test_a_filter_that_is_gone_shows_on_refresh(workbench: Workbench) -> None:
    front = acl(workbench, "front")
    life = workbench.made(LOGGING, resourceArn=front, logDestinationConfigs=[GROUP], redactedFields=[{"queryString": {}}])
    life.boto("wafv2").put_logging_configuration(LoggingConfiguration={"ResourceArn": front, "LogDestinationConfigs": [GROUP]})
    assert [change.path for change in life.refresh()] == ["redactedFields"]


def test_the_edges_acl_logs_at_the_edge(workbench: Workbench) -> None:
    edge = acl(workbench, "edge", "CLOUDFRONT", "us-east-1")
    group = GROUP.replace("eu-west-1", "us-east-1")
    life = workbench.made(LOGGING, region="us-east-1", resourceArn=edge, logDestinationConfigs=[group])
    assert life.refresh() == []
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    "destination",
    ["arn:aws:logs:eu-west-1:123456789012:log-group:front", f"{GROUP}:*", "arn:aws:s3:::logs", "aws-waf-logs-front"],
)
def test_destinations_have_the_name_that_waf_asks_for(workbench: Workbench, destination: str) -> None:
    with pytest.raises(InvalidInputs, match="aws-waf-logs-"):
        workbench.life(LOGGING).check(
            resourceArn="arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b", logDestinationConfigs=[destination]
        )
