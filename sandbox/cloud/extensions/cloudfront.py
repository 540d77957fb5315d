"""CloudFront: distributions keep the whole configuration they are given, policies exist, functions are published."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept

# Family of policies -> (path, key of its configuration, error when it is not there).
_POLICIES = {
    "CachePolicy": ("cache-policy", "NoSuchCachePolicy"),
    "OriginRequestPolicy": ("origin-request-policy", "NoSuchOriginRequestPolicy"),
    "ResponseHeadersPolicy": ("response-headers-policy", "NoSuchResponseHeadersPolicy"),
}
_WORDS = {"CachePolicy": "cache_policy", "OriginRequestPolicy": "origin_request_policy", "ResponseHeadersPolicy": "response_headers_policy"}


class Configuration(dict[str, Any]):
    """A distribution's configuration as it was given, with the members that moto's own code reads as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name == "caller_reference":
            return self["CallerReference"]
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def install() -> None:
    """Adds it to moto."""
    from moto.cloudfront import models
    from moto.cloudfront.responses import CloudFrontResponse
    from moto.cloudfront.urls import url_paths

    models.DistributionConfig = _configured
    models.Distribution.__init__ = _dated(models.Distribution.__init__)
    backend = models.CloudFrontBackend
    backend.create_distribution_with_tags = _alone(backend.create_distribution_with_tags)
    backend.update_distribution = _renewed(backend.update_distribution)
    backend.delete_distribution = _disabled(backend.delete_distribution)
    models.OriginAccessControl.update = _retagged(models.OriginAccessControl.update)
    CloudFrontResponse.update_function = _update_function
    CloudFrontResponse.publish_function = _publish_function
    url_paths["{0}/2020-05-31/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch
    for family, (path, missing) in _POLICIES.items():
        for operation, method in _policy_operations(family, missing):
            setattr(CloudFrontResponse, f"{operation}_{_WORDS[family]}", method)
        url_paths[f"{{0}}/2020-05-31/{path}$"] = CloudFrontResponse.dispatch
        url_paths[f"{{0}}/2020-05-31/{path}/(?P<policy_id>[^/]+)$"] = CloudFrontResponse.dispatch


def _configured(given: dict[str, Any]) -> Configuration:
    """What CloudFront makes of a configuration; refused when a behaviour's origin is not there."""
    from moto.cloudfront.exceptions import OriginDoesNotExist

    config = Configuration(deepcopy(given))
    places = [item["Id"] for kind in ("Origins", "OriginGroups") for item in config.get(kind, {}).get("Items") or []]
    behaviours = [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors", {}).get("Items") or [])]
    if any(behaviour["TargetOriginId"] not in places for behaviour in behaviours):
        raise OriginDoesNotExist
    config["ViewerCertificate"] = _certificate(config.get("ViewerCertificate") or {})
    empty = {
        "Aliases": {"Quantity": 0},
        "OriginGroups": {"Quantity": 0},
        "CacheBehaviors": {"Quantity": 0},
        "CustomErrorResponses": {"Quantity": 0},
    }
    plain = {
        "DefaultRootObject": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": False,
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        "PriceClass": "PriceClass_All",
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "Staging": False,
        "WebACLId": "",
    }
    for name, value in {**empty, **plain}.items():
        config.setdefault(name, value)
    return config


def _certificate(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("ACMCertificateArn"):
        source = {"Certificate": given["ACMCertificateArn"], "CertificateSource": "acm", "CloudFrontDefaultCertificate": False}
        return {"MinimumProtocolVersion": "TLSv1", **given, **source}
    if given.get("IAMCertificateId"):
        source = {"Certificate": given["IAMCertificateId"], "CertificateSource": "iam", "CloudFrontDefaultCertificate": False}
        return {"MinimumProtocolVersion": "TLSv1", **given, **source}
    return {
        "CloudFrontDefaultCertificate": True,
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
        "SSLSupportMethod": "vip",
    }


def _dated(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.last_modified_time = _now()

    return create


def _alone(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, distribution_config: dict[str, Any], tags: list[dict[str, str]]) -> Any:
        _check_aliases(self, distribution_config, "")
        return original(self, distribution_config, tags)

    return create


def _renewed(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, dist_config: dict[str, Any], _id: str, if_match: str) -> Any:
        from moto.cloudfront.exceptions import CloudFrontException, NoSuchDistribution
        from moto.cloudfront.models import random_id

        if _id not in self.distributions:
            raise NoSuchDistribution
        if if_match != self.distributions[_id].etag:
            raise CloudFrontException("PreconditionFailed", "The request failed because it didn't meet the preconditions: If-Match")
        _check_aliases(self, dist_config, _id)
        distribution, location, _ = original(self, dist_config, _id, if_match)
        distribution.etag, distribution.last_modified_time = random_id(), _now()
        return distribution, location, distribution.etag

    return update


def _disabled(original: Any) -> Any:
    @wraps(original)
    def delete(self: Any, distribution_id: str, if_match: str) -> None:
        from moto.cloudfront.exceptions import CloudFrontException

        there = self.distributions.get(distribution_id)
        if there and there.distribution_config["Enabled"] in (True, "true"):
            raise CloudFrontException("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
        original(self, distribution_id, if_match)

    return delete


def _check_aliases(backend: Any, config: dict[str, Any], own: str) -> None:
    from moto.cloudfront.exceptions import CloudFrontException

    wanted = set(config.get("Aliases", {}).get("Items") or [])
    for identity, distribution in backend.distributions.items():
        taken = wanted & set(distribution.distribution_config["Aliases"].get("Items") or [])
        if taken and identity != own:
            raise CloudFrontException(
                "CNAMEAlreadyExists",
                f"One or more of the CNAMEs you provided are already associated with a different resource: {', '.join(sorted(taken))}",
            )


def _retagged(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, config: dict[str, str]) -> None:
        from moto.cloudfront.models import random_id

        original(self, config)
        self.etag = random_id()

    return update


def _update_function(self: Any) -> Any:
    from moto.cloudfront.models import random_id
    from moto.core.responses import ActionResult

    function = self.backend.describe_function(self._get_param("Name"))
    function.config, function.code = self._get_param("FunctionConfig", {}), self._get_param("FunctionCode")
    function.etag, function.stage, function.status = random_id(), "DEVELOPMENT", "UNPUBLISHED"
    return ActionResult({"FunctionSummary": function.function_summary, "ETag": function.etag})


def _publish_function(self: Any) -> Any:
    from moto.core.responses import ActionResult

    function = self.backend.describe_function(self._get_param("Name"))
    function.stage, function.status = "LIVE", "UNASSOCIATED"
    return ActionResult({"FunctionSummary": function.function_summary})


def _policy_operations(family: str, missing: str) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Create, get, update and delete of one family of policies."""
    from moto.cloudfront.exceptions import CloudFrontException
    from moto.cloudfront.models import random_id
    from moto.core.responses import ActionResult, EmptyResult

    def held(response: Any) -> dict[str, Any]:
        return kept(response.backend, family)

    def found(response: Any) -> dict[str, Any]:
        policy: dict[str, Any] | None = held(response).get(response._get_param("Id"))
        if policy is None:
            raise CloudFrontException(missing, f"The {family} does not exist.")
        return policy

    def answer(policy: dict[str, Any]) -> Any:
        return ActionResult({family: policy, "ETag": policy["ETag"]})

    def renewed(response: Any, identity: str) -> dict[str, Any]:
        config = response._get_param(f"{family}Config")
        if any(item[f"{family}Config"]["Name"] == config["Name"] for other, item in held(response).items() if other != identity):
            raise CloudFrontException(f"{family}AlreadyExists", f"A {family} with this name already exists: {config['Name']}")
        return {"Id": identity, "LastModifiedTime": datetime.datetime.now(datetime.UTC), f"{family}Config": config, "ETag": random_id()}

    def create(response: Any) -> Any:
        policy = renewed(response, str(_uuid()))
        held(response)[policy["Id"]] = policy
        return answer(policy)

    def get(response: Any) -> Any:
        return answer(found(response))

    def update(response: Any) -> Any:
        identity = found(response)["Id"]
        held(response)[identity] = renewed(response, identity)
        return answer(held(response)[identity])

    def delete(response: Any) -> Any:
        del held(response)[found(response)["Id"]]
        return EmptyResult()

    yield from (("create", create), ("get", get), ("update", update), ("delete", delete))


def _uuid() -> Any:
    from moto.moto_api._internal import mock_random

    return mock_random.uuid4()


def _now() -> str:
    return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%S}.000Z"
