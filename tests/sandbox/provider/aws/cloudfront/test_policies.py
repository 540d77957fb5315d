"""Policies, access control and functions of CloudFront against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

CACHE = "aws:cloudfront/cachePolicy:CachePolicy"
REQUEST = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
FUNCTION = "aws:cloudfront/function:Function"
PER_TENANT: dict[str, Any] = {
    "name": "per-tenant",
    "minTtl": 0,
    "defaultTtl": 0,
    "maxTtl": 300,
    "parametersInCacheKeyAndForwardedToOrigin": {
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "whitelist", "headers": {"items": ["Authorization", "X-Tenant"]}},
        "queryStringsConfig": {"queryStringBehavior": "all"},
        "enableAcceptEncodingGzip": True,
    },
}
ALL_VIEWER: dict[str, Any] = {
    "name": "all-viewer",
    "cookiesConfig": {"cookieBehavior": "all"},
    "headersConfig": {"headerBehavior": "whitelist", "headers": {"items": ["Accept"]}},
    "queryStringsConfig": {"queryStringBehavior": "all"},
}
SECURITY: dict[str, Any] = {
    "name": "security",
    "comment": "Headers of the web client",
    "securityHeadersConfig": {
        "strictTransportSecurity": {"accessControlMaxAgeSec": 63072000, "includeSubdomains": True, "preload": True, "override": True},
        "contentTypeOptions": {"override": True},
        "frameOptions": {"frameOption": "DENY", "override": True},
        "referrerPolicy": {"referrerPolicy": "strict-origin", "override": True},
        "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'self'", "override": True},
    },
    "customHeadersConfig": {"items": [{"header": "Permissions-Policy", "value": "camera=()", "override": True}]},
    "corsConfig": {
        "accessControlAllowCredentials": False,
        "accessControlAllowHeaders": {"items": ["Authorization"]},
        "accessControlAllowMethods": {"items": ["GET"]},
        "accessControlAllowOrigins": {"items": ["https://app.example.com"]},
        "originOverride": True,
    },
}
FAMILIES = [
    (CACHE, PER_TENANT, "cache_policy", "CachePolicy", {"maxTtl": 600}, ("MaxTTL", 600)),
    (REQUEST, ALL_VIEWER, "origin_request_policy", "OriginRequestPolicy", {"comment": "all"}, ("Comment", "all")),
    (HEADERS, SECURITY, "response_headers_policy", "ResponseHeadersPolicy", {"comment": "new"}, ("Comment", "new")),
]


def config(life: Life, words: str, family: str) -> dict[str, Any]:
    found: dict[str, Any] = getattr(life.boto("cloudfront"), f"get_{words}")(Id=life.id)[family][f"{family}Config"]
    return found


@pytest.mark.parametrize(("token", "given", "words", "family", "change", "seen"), FAMILIES)
def test_a_policy_lives_as_declared(
    workbench: Workbench, token: str, given: dict[str, Any], words: str, family: str, change: dict[str, Any], seen: tuple[str, Any]
) -> None:
    life = workbench.life(token)
    made = life.create(**given)
    assert config(life, words, family)["Name"] == given["name"]
    assert made["arn"] == f"arn:aws:cloudfront::123456789012:{words.replace('_', '-')}/{life.id}"
    assert life.refresh() == []

    life.update(**given | change)
    assert config(life, words, family)[seen[0]] == seen[1]
    assert life.refresh() == []
    inputs, outputs = life.imported()
    assert (inputs["name"], outputs["arn"]) == (given["name"], made["arn"])

    life.delete()
    assert life.gone()


def test_cached_headers_are_counted(workbench: Workbench) -> None:
    life = workbench.made(CACHE, **PER_TENANT)
    key = config(life, "cache_policy", "CachePolicy")["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"]["Headers"] == {"Quantity": 2, "Items": ["Authorization", "X-Tenant"]}
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, False)


def test_a_cache_key_without_the_tenant_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(CACHE, **PER_TENANT)
    cloudfront = life.boto("cloudfront")
    answer = cloudfront.get_cache_policy(Id=life.id)
    changed = answer["CachePolicy"]["CachePolicyConfig"]
    changed["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"] = {"HeaderBehavior": "none"}
    cloudfront.update_cache_policy(Id=life.id, IfMatch=answer["ETag"], CachePolicyConfig=changed)
    assert {change.path.split(".")[0] for change in life.refresh()} == {"parametersInCacheKeyAndForwardedToOrigin"}


def test_a_weaker_frame_option_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(HEADERS, **SECURITY)
    cloudfront = life.boto("cloudfront")
    answer = cloudfront.get_response_headers_policy(Id=life.id)
    changed = answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    changed["SecurityHeadersConfig"]["FrameOptions"]["FrameOption"] = "SAMEORIGIN"
    cloudfront.update_response_headers_policy(Id=life.id, IfMatch=answer["ETag"], ResponseHeadersPolicyConfig=changed)
    assert [change.path for change in life.refresh()] == ["securityHeadersConfig.frameOptions.frameOption"]


@pytest.mark.parametrize(
    ("token", "given", "path"),
    [
        (CACHE, PER_TENANT | {"defaultTtl": 900}, "defaultTtl"),
        (HEADERS, SECURITY | {"securityHeadersConfig": {"frameOptions": {"frameOption": "MAYBE", "override": True}}}, "frameOption"),
        (REQUEST, ALL_VIEWER | {"cookiesConfig": {"cookieBehavior": "some"}}, "cookieBehavior"),
        (
            CONTROL,
            {"name": "a", "originAccessControlOriginType": "tape", "signingBehavior": "always", "signingProtocol": "sigv4"},
            "OriginType",
        ),
        (
            CONTROL,
            {"name": "a" * 65, "originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"},
            "name",
        ),
        (FUNCTION, {"name": "index", "code": "x", "runtime": "cobol"}, "runtime"),
    ],
)
def test_what_cloudfront_refuses_is_refused_at_preview(workbench: Workbench, token: str, given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs, match=path):
        workbench.life(token).check(**given)


def test_an_access_control_lives_as_declared(workbench: Workbench) -> None:
    given = {"name": "web", "originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"}
    life = workbench.made(CONTROL, **given)
    control = life.boto("cloudfront").get_origin_access_control(Id=life.id)["OriginAccessControl"]["OriginAccessControlConfig"]
    assert (control["Name"], control["SigningBehavior"]) == ("web", "always")
    assert life.outputs["arn"] == f"arn:aws:cloudfront::123456789012:origin-access-control/{life.id}"
    assert life.refresh() == []
    life.update(**given | {"signingBehavior": "no-override"})
    control = life.boto("cloudfront").get_origin_access_control(Id=life.id)["OriginAccessControl"]["OriginAccessControlConfig"]
    assert control["SigningBehavior"] == "no-override"
    life.boto("cloudfront").update_origin_access_control(
        Id=life.id, IfMatch=life.outputs["etag"], OriginAccessControlConfig={**control, "SigningBehavior": "never"}
    )
    assert [change.path for change in life.refresh()] == ["signingBehavior"]
    inputs, _ = life.imported()
    assert inputs["originAccessControlOriginType"] == "s3"
    life.delete()
    assert life.gone()


def test_a_function_lives_as_declared(workbench: Workbench) -> None:
    given: dict[str, Any] = {"name": "index", "runtime": "cloudfront-js-2.0", "code": "function handler(event) { return event.request; }"}
    life = workbench.life(FUNCTION)
    assert life.preview(**given)["arn"] == "arn:aws:cloudfront::123456789012:function/index"
    made = life.create(**given, comment="Folders", tags={"owner": "edge"})
    cloudfront = life.boto("cloudfront")
    assert cloudfront.get_function(Name="index")["FunctionCode"].read().decode() == given["code"]
    assert made["liveStageEtag"] == made["etag"]
    assert life.refresh() == []
    life.update(**given | {"code": "function handler(event) { return event.response; }"}, comment="Folders", tags={"owner": "platform"})
    assert "response" in cloudfront.get_function(Name="index")["FunctionCode"].read().decode()
    tags = cloudfront.list_tags_for_resource(Resource=made["arn"])["Tags"]["Items"]
    assert tags == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []
    assert life.replaced_by(**given | {"name": "other"}) == {"name"}
    life.delete()
    assert life.gone()
