"""Domains of sign-in pages against the emulated cloud."""

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

POOL = "aws:cognito/userPool:UserPool"
DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"


def test_a_prefix_and_a_domain_of_ones_own_stand_side_by_side(workbench: Workbench) -> None:
    pool = workbench.made(POOL, logical="pool")
    prefix = workbench.made(DOMAIN, logical="prefix", domain="morefocus-users", userPoolId=pool.id)
    own = workbench.made(DOMAIN, domain="signin.morefocus.example", userPoolId=pool.id, certificateArn=CERTIFICATE, managedLoginVersion=2)
    assert own.outputs["cloudfrontDistribution"].endswith(".cloudfront.net")
    assert prefix.outputs["managedLoginVersion"] == 1
    live = own.boto("cognito-idp").describe_user_pool_domain(Domain="signin.morefocus.example")["DomainDescription"]
    assert (live["CustomDomainConfig"]["CertificateArn"], live["ManagedLoginVersion"]) == (CERTIFICATE, 2)
    assert own.refresh() == prefix.refresh() == pool.refresh() == []
    assert (pool.outputs["domain"], pool.outputs["customDomain"]) == ("morefocus-users", "signin.morefocus.example")
    with pytest.raises(ClientError, match="already has a domain"):
        workbench.made(DOMAIN, logical="third", domain="morefocus-others", userPoolId=pool.id)
    with pytest.raises(ClientError, match="has a domain configured"):
        pool.delete()

    renewed = CERTIFICATE.replace("1111", "9999")
    own.update(domain="signin.morefocus.example", userPoolId=pool.id, certificateArn=renewed, managedLoginVersion=2)
    live = own.boto("cognito-idp").describe_user_pool_domain(Domain="signin.morefocus.example")["DomainDescription"]
    assert live["CustomDomainConfig"]["CertificateArn"] == renewed
    for life in (own, prefix, pool):
        life.delete()
        assert life.gone()


@pytest.mark.parametrize(
    ("domain", "certificate", "message"),
    [
        ("signin.morefocus.example", None, "needs certificateArn"),
        ("my-aws-users", None, "word aws"),
        ("signin.morefocus.example", CERTIFICATE.replace("us-east-1", "eu-west-1"), "must be of us-east-1"),
    ],
)
def test_a_domain_that_cannot_be_is_refused_before(
    emulated_cloud: EmulatedCloud, domain: str, certificate: str | None, message: str
) -> None:
    more = {"certificateArn": certificate} if certificate else {}
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(DOMAIN).check(domain=domain, userPoolId="eu-west-1_abc", **more)
