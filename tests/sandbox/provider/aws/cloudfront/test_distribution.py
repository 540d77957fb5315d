"""Distributions against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b1a2c3d-0000-4000-8000-000000000000"
EDGE_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/0b1a2c3d-0000-4000-8000-000000000000"
STATIC: dict[str, Any] = {
    "targetOriginId": "web",
    "viewerProtocolPolicy": "redirect-to-https",
    "allowedMethods": ["GET", "HEAD"],
    "cachedMethods": ["GET", "HEAD"],
    "cachePolicyId": OPTIMIZED,
    "compress": True,
    "functionAssociations": [{"eventType": "viewer-request", "functionArn": "arn:aws:cloudfront::123456789012:function/index"}],
}
API: dict[str, Any] = {
    "pathPattern": "/api/*",
    "targetOriginId": "failover",
    "viewerProtocolPolicy": "https-only",
    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    "cachedMethods": ["GET", "HEAD"],
    "minTtl": 0,
    "defaultTtl": 0,
    "maxTtl": 300,
    "forwardedValues": {
        "queryString": True,
        "headers": ["Authorization", "X-Tenant"],
        "cookies": {"forward": "whitelist", "whitelistedNames": ["session"]},
    },
}
CUSTOM: dict[str, Any] = {"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}
GIVEN: dict[str, Any] = {
    "enabled": True,
    "comment": "Web client and API",
    "aliases": ["app.example.com"],
    "defaultRootObject": "index.html",
    "httpVersion": "http2and3",
    "isIpv6Enabled": True,
    "priceClass": "PriceClass_All",
    "webAclId": EDGE_ACL,
    "origins": [
        {"originId": "web", "domainName": "web.s3.us-east-1.amazonaws.com", "originAccessControlId": "E2QWRUHAPOMQZL"},
        {
            "originId": "api",
            "domainName": "api.example.com",
            "customOriginConfig": CUSTOM,
            "customHeaders": [{"name": "X-Origin-Verify", "value": "secret"}],
        },
        {"originId": "api-eu", "domainName": "api.euw1.example.com", "customOriginConfig": {**CUSTOM, "originReadTimeout": 60}},
    ],
    "originGroups": [
        {"originId": "failover", "failoverCriteria": {"statusCodes": [502, 503]}, "members": [{"originId": "api"}, {"originId": "api-eu"}]}
    ],
    "defaultCacheBehavior": STATIC,
    "orderedCacheBehaviors": [API],
    "customErrorResponses": [{"errorCode": 404, "responseCode": 200, "responsePagePath": "/index.html", "errorCachingMinTtl": 10}],
    "restrictions": {"geoRestriction": {"restrictionType": "blacklist", "locations": ["KP"]}},
    "viewerCertificate": {"acmCertificateArn": CERTIFICATE, "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021"},
}
PLAIN: dict[str, Any] = {
    "enabled": True,
    "origins": [{"originId": "web", "domainName": "web.s3.us-east-1.amazonaws.com"}],
    "defaultCacheBehavior": {key: value for key, value in STATIC.items() if key != "functionAssociations"},
    "restrictions": {"geoRestriction": {"restrictionType": "none"}},
    "viewerCertificate": {"cloudfrontDefaultCertificate": True},
}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("cloudfront").get_distribution_config(Id=life.id)["DistributionConfig"]
    return found


def changed(life: Life, **more: Any) -> None:
    """Somebody changes the distribution by hand."""
    cloudfront = life.boto("cloudfront")
    answer = cloudfront.get_distribution_config(Id=life.id)
    cloudfront.update_distribution(Id=life.id, IfMatch=answer["ETag"], DistributionConfig={**answer["DistributionConfig"], **more})


def tags(life: Life) -> dict[str, str]:
    found = life.boto("cloudfront").list_tags_for_resource(Resource=life.outputs["arn"])["Tags"]["Items"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_a_distribution_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(DISTRIBUTION)
    assert life.preview(**GIVEN)["hostedZoneId"] == "Z2FDTNDATAQYW2"
    made = life.create(**GIVEN, tags={"owner": "edge"})
    config = live(life)
    web, api, _ = config["Origins"]["Items"]
    assert (web["OriginAccessControlId"], web["S3OriginConfig"]) == ("E2QWRUHAPOMQZL", {"OriginAccessIdentity": ""})
    assert api["CustomHeaders"]["Items"] == [{"HeaderName": "X-Origin-Verify", "HeaderValue": "secret"}]
    assert config["OriginGroups"]["Items"][0]["FailoverCriteria"]["StatusCodes"]["Items"] == [502, 503]
    behaviour = config["CacheBehaviors"]["Items"][0]
    assert (behaviour["TargetOriginId"], behaviour["AllowedMethods"]["CachedMethods"]["Items"]) == ("failover", ["GET", "HEAD"])
    assert behaviour["ForwardedValues"]["Cookies"]["WhitelistedNames"]["Items"] == ["session"]
    assert config["CustomErrorResponses"]["Items"][0]["ResponseCode"] == "200"
    assert (config["ViewerCertificate"]["MinimumProtocolVersion"], config["WebACLId"]) == ("TLSv1.2_2021", EDGE_ACL)
    assert made["arn"] == f"arn:aws:cloudfront::123456789012:distribution/{life.id}"
    assert made["domainName"].endswith(".cloudfront.net")
    assert life.refresh() == []

    logs = {"bucket": "logs.s3.amazonaws.com", "prefix": "cdn/"}
    fewer = {key: value for key, value in GIVEN.items() if key not in ("customErrorResponses", "orderedCacheBehaviors", "originGroups")}
    life.update(
        **fewer | {"loggingConfig": logs, "restrictions": {"geoRestriction": {"restrictionType": "none"}}}, tags={"owner": "platform"}
    )
    config = live(life)
    assert (config["Logging"]["Enabled"], config["Logging"]["Prefix"]) == (True, "cdn/")
    assert (config["CacheBehaviors"]["Quantity"], config["Restrictions"]["GeoRestriction"]["RestrictionType"]) == (0, "none")
    assert config["CallerReference"] == made["callerReference"]
    assert tags(life) == {"owner": "platform"}
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_plain_distribution_is_read_back_without_the_services_defaults(workbench: Workbench) -> None:
    life = workbench.made(DISTRIBUTION, **PLAIN)
    assert life.refresh() == []
    assert life.diff(**PLAIN) == []


def test_a_retained_distribution_is_switched_off_and_stays(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(DISTRIBUTION, **PLAIN, retainOnDelete=True)
    life.delete()
    assert live(life)["Enabled"] is False
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"WebACLId": ""}, "webAclId"),
        ({"Comment": "hacked"}, "comment"),
        ({"Aliases": {"Quantity": 0}}, "aliases"),
        ({"CacheBehaviors": {"Quantity": 0}}, "orderedCacheBehaviors"),
        ({"Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}}}, "restrictions"),
    ],
)
def test_what_someone_changed_shows_on_refresh(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    life = workbench.made(DISTRIBUTION, **GIVEN)
    changed(life, **change)
    assert {item.path.split(".")[0].split("[")[0] for item in life.refresh()} == {path}


def test_an_origin_without_access_control_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(DISTRIBUTION, **GIVEN)
    origins = live(life)["Origins"]
    del origins["Items"][0]["OriginAccessControlId"]
    changed(life, Origins=origins)
    assert [change.path for change in life.refresh()] == ["origins[0].originAccessControlId"]


def test_a_distribution_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(DISTRIBUTION, **GIVEN, tags={"owner": "edge"})
    inputs, outputs = life.imported()
    assert inputs["orderedCacheBehaviors"][0]["allowedMethods"] == API["allowedMethods"]
    assert inputs["restrictions"] == GIVEN["restrictions"]
    assert (inputs["aliases"], inputs["tags"]) == (["app.example.com"], {"owner": "edge"})
    assert outputs["domainName"] == life.outputs["domainName"]


def test_a_name_has_one_distribution(workbench: Workbench) -> None:
    workbench.made(DISTRIBUTION, **GIVEN)
    with pytest.raises(Exception, match="CNAMEAlreadyExists"):
        workbench.made(DISTRIBUTION, logical="second", **GIVEN)


def test_a_changed_staging_flag_replaces_the_distribution(workbench: Workbench) -> None:
    life = workbench.made(DISTRIBUTION, **PLAIN)
    assert life.replaced_by(**PLAIN, staging=True) == {"staging"}


def test_the_order_of_origins_and_names_is_no_difference(workbench: Workbench) -> None:
    life = workbench.made(DISTRIBUTION, **GIVEN)
    assert life.diff(**GIVEN | {"origins": GIVEN["origins"][::-1]}) == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"defaultCacheBehavior": {**STATIC, "targetOriginId": "nowhere"}}, "defaultCacheBehavior.targetOriginId"),
        ({"defaultCacheBehavior": {**STATIC, "maxTtl": 60}}, "defaultCacheBehavior.maxTtl"),
        ({"defaultCacheBehavior": {**STATIC, "cachePolicyId": None}}, "defaultCacheBehavior.cachePolicyId"),
        ({"defaultCacheBehavior": {**STATIC, "forwardedValues": API["forwardedValues"]}}, "defaultCacheBehavior.forwardedValues"),
        ({"defaultCacheBehavior": {**STATIC, "allowedMethods": ["GET"]}}, "defaultCacheBehavior.cachedMethods"),
        ({"defaultCacheBehavior": {**STATIC, "viewerProtocolPolicy": "gopher"}}, "defaultCacheBehavior.viewerProtocolPolicy"),
        ({"origins": [GIVEN["origins"][0], *GIVEN["origins"]]}, "origins"),
        ({"viewerCertificate": {"cloudfrontDefaultCertificate": True}}, "viewerCertificate.acmCertificateArn"),
        (
            {"viewerCertificate": {**GIVEN["viewerCertificate"], "acmCertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")}},
            "viewerCertificate.acmCertificateArn",
        ),
        ({"viewerCertificate": {"acmCertificateArn": CERTIFICATE}}, "viewerCertificate.sslSupportMethod"),
        ({"webAclId": EDGE_ACL.replace("us-east-1", "eu-west-1").replace("global", "regional")}, "webAclId"),
        ({"priceClass": "PriceClass_50"}, "priceClass"),
    ],
)
def test_what_cloudfront_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(DISTRIBUTION).check(**GIVEN | wrong)
    assert path in {failure.path for failure in refused.value.failures}
