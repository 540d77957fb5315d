"""CloudFront of the emulated cloud, as any client sees it."""

from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud

CONFIG: dict[str, Any] = {
    "CallerReference": "first",
    "Comment": "",
    "Enabled": True,
    "Aliases": {"Quantity": 1, "Items": ["app.example.com"]},
    "Origins": {
        "Quantity": 1,
        "Items": [{"Id": "web", "DomainName": "web.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "web",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
    "ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1", "SSLSupportMethod": "sni-only"},
}


@pytest.fixture
def cloudfront(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    return emulated_cloud.boto("cloudfront")


def test_a_distribution_goes_only_when_it_is_off_and_with_the_newest_mark(cloudfront: Any) -> None:
    made = cloudfront.create_distribution(DistributionConfig=CONFIG)
    identity, mark = made["Distribution"]["Id"], made["ETag"]
    with pytest.raises(Exception, match="DistributionNotDisabled"):
        cloudfront.delete_distribution(Id=identity, IfMatch=mark)
    off = cloudfront.update_distribution(Id=identity, IfMatch=mark, DistributionConfig={**CONFIG, "Enabled": False})
    with pytest.raises(Exception, match="PreconditionFailed"):
        cloudfront.update_distribution(Id=identity, IfMatch=mark, DistributionConfig=CONFIG)
    cloudfront.delete_distribution(Id=identity, IfMatch=off["ETag"])
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 0


def test_a_certificate_of_ones_own_is_told_from_the_default_one(cloudfront: Any) -> None:
    made = cloudfront.create_distribution(DistributionConfig=CONFIG)["Distribution"]["DistributionConfig"]["ViewerCertificate"]
    assert (made["CloudFrontDefaultCertificate"], made["CertificateSource"]) == (False, "acm")


def test_an_alias_belongs_to_one_distribution(cloudfront: Any) -> None:
    cloudfront.create_distribution(DistributionConfig=CONFIG)
    with pytest.raises(Exception, match="CNAMEAlreadyExists"):
        cloudfront.create_distribution(DistributionConfig={**CONFIG, "CallerReference": "second"})


def test_a_behaviour_needs_its_origin(cloudfront: Any) -> None:
    lost = {**CONFIG["DefaultCacheBehavior"], "TargetOriginId": "nowhere"}
    with pytest.raises(Exception, match="NoSuchOrigin"):
        cloudfront.create_distribution(DistributionConfig={**CONFIG, "DefaultCacheBehavior": lost})


def test_the_name_of_a_policy_is_taken_once(cloudfront: Any) -> None:
    cloudfront.create_cache_policy(CachePolicyConfig={"Name": "static", "MinTTL": 0})
    with pytest.raises(Exception, match="CachePolicyAlreadyExists"):
        cloudfront.create_cache_policy(CachePolicyConfig={"Name": "static", "MinTTL": 1})
