"""Domains of the sign-in pages: one of AWS's and one of the pool's own at most, described with account and distribution.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.cloud.extensions.common import now, refused


def install() -> None:
    """Adds it to moto."""
    from moto.cognitoidp.responses import CognitoIdpResponse

    CognitoIdpResponse.create_user_pool_domain = _create
    CognitoIdpResponse.describe_user_pool_domain = _describe
    CognitoIdpResponse.update_user_pool_domain = _update


def _create(self: Any) -> Any:
    asked, backend = self.parameters, self.backend
    name, custom = asked["Domain"], asked.get("CustomDomainConfig")
    pool = backend.describe_user_pool(asked["UserPoolId"])
    if name in backend.user_pool_domains:
        raise refused("InvalidParameterException", "Domain already exists.")
    own = [domain for domain in backend.user_pool_domains.values() if domain.user_pool_id == pool.id]
    if any(bool(domain.custom_domain_config) == bool(custom) for domain in own):
        raise refused("InvalidParameterException", "User pool already has a domain configured.")
    backend.create_user_pool_domain(pool.id, name, custom)
    return _settled(self, backend.user_pool_domains[name], asked)


def _update(self: Any) -> Any:
    asked = self.parameters
    if asked["Domain"] not in self.backend.user_pool_domains:
        raise refused("ResourceNotFoundException", f"{asked['Domain']} does not exist.")
    domain = self.backend.user_pool_domains[asked["Domain"]]
    domain.custom_domain_config = asked.get("CustomDomainConfig") or domain.custom_domain_config
    return _settled(self, domain, asked)


def _settled(response: Any, domain: Any, asked: dict[str, Any]) -> Any:
    from moto.core.responses import ActionResult

    domain.version = f"{now():%Y%m%d%H%M%S}"
    domain.managed_login_version = asked.get("ManagedLoginVersion") or getattr(domain, "managed_login_version", 1)
    told = {"ManagedLoginVersion": domain.managed_login_version}
    return ActionResult(told | ({"CloudFrontDomain": _distribution(domain)} if domain.custom_domain_config else {}))


def _describe(self: Any) -> Any:
    from moto.core.responses import ActionResult

    domain = self.backend.describe_user_pool_domain(self.parameters["Domain"])
    if domain is None:
        return ActionResult({"DomainDescription": {}})
    described = {
        "UserPoolId": domain.user_pool_id,
        "AWSAccountId": self.current_account,
        "Domain": domain.domain,
        "S3Bucket": f"aws-cognito-prod-{self.region}-assets",
        "CloudFrontDistribution": _distribution(domain),
        "Version": domain.version,
        "Status": "ACTIVE",
        "CustomDomainConfig": domain.custom_domain_config or {},
        "ManagedLoginVersion": domain.managed_login_version,
    }
    return ActionResult({"DomainDescription": described})


def _distribution(domain: Any) -> str:
    return f"d{hashlib.sha256(domain.domain.encode()).hexdigest()[:13]}.cloudfront.net"
