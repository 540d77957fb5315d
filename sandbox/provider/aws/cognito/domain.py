"""Where a pool's sign-in pages are."""

from __future__ import annotations

from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

# Every distribution's, as of any other: Cognito serves its pages with CloudFront.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
HOSTED_ZONE = "Z2FDTNDATAQYW2"
_RESERVED = ("amazon", "aws", "cognito")


class UserPoolDomain(Handler):
    """A prefix of AWS's own domain, or a domain of one's own with a certificate."""

    token = "aws:cognito/userPoolDomain:UserPoolDomain"
    create_only = frozenset({"domain", "userPoolId"})
    volatile = frozenset({"version"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, domain, certificate = [], inputs["domain"], inputs.get("certificateArn")
        if isinstance(certificate, str) and certificate.startswith("arn:") and certificate.split(":")[3] != "us-east-1":
            found.append(Failure("certificateArn", f"must be of us-east-1, where CloudFront takes certificates from (got {certificate})"))
        if isinstance(domain, str) and certificate is None:
            if "." in domain:
                found.append(Failure("domain", f"a domain of one's own needs certificateArn; a prefix has no dots (got {domain!r})"))
            elif word := next((word for word in _RESERVED if word in domain), None):
                found.append(Failure("domain", f"a prefix must not contain the word {word} (got {domain!r})"))
        return found + refusals("cognito-idp", "CreateUserPoolDomain", _request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "awsAccountId": call.account,
            "cloudfrontDistributionZoneId": HOSTED_ZONE,
            "managedLoginVersion": inputs.get("managedLoginVersion", 1),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cognito-idp").create_user_pool_domain(**_request(inputs))
        return inputs["domain"], self._facts(self._describe(call, inputs["domain"]))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = self._describe(call, resource_id)
        if not live.get("Domain"):
            return None
        certificate = live.get("CustomDomainConfig", {}).get("CertificateArn")
        found = {"domain": live["Domain"], "userPoolId": live["UserPoolId"], **self._facts(live)}
        return found | ({"certificateArn": certificate} if certificate else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cognito-idp").update_user_pool_domain(**_request(new))
        return self._facts(self._describe(call, resource_id))

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # A prefix does not become a domain of one's own, nor the other way round.
        return path == "certificateArn" and (old.get(path) is None) != (new.get(path) is None)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cognito-idp").delete_user_pool_domain(Domain=resource_id, UserPoolId=state["userPoolId"])

    def _describe(self, call: Call, domain: str) -> dict[str, Any]:
        found: dict[str, Any] = call.client("cognito-idp").describe_user_pool_domain(Domain=domain)["DomainDescription"]
        return found

    def _facts(self, live: dict[str, Any]) -> Properties:
        distribution = live["CloudFrontDistribution"]
        return {
            "awsAccountId": live["AWSAccountId"],
            "cloudfrontDistribution": distribution,
            "cloudfrontDistributionArn": distribution,
            "cloudfrontDistributionZoneId": HOSTED_ZONE,
            "managedLoginVersion": live["ManagedLoginVersion"],
            "s3Bucket": live["S3Bucket"],
            "version": live["Version"],
        }


def _request(inputs: Properties) -> Properties:
    asked = parameters(inputs, Domain="domain", UserPoolId="userPoolId", ManagedLoginVersion="managedLoginVersion")
    return asked | ({"CustomDomainConfig": {"CertificateArn": inputs["certificateArn"]}} if inputs.get("certificateArn") else {})
