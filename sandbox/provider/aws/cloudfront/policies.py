"""Policies that behaviours refer to: what is cached, what reaches the origin, which headers viewers get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.cloudfront.common import arn, without_empty
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, canonical


class _Policy(Handler):
    """The life that the three families share."""

    family: ClassVar[str]
    """As the API calls it, such as `CachePolicy`."""
    words: ClassVar[str]
    """As boto3's methods and ARNs do, such as `cache_policy`."""
    translation: ClassVar[Translation]
    settled: ClassVar[dict[str, Any]] = {}
    """What the service fills in below the top level."""
    autoname = "name"
    autoname_limit = 128
    volatile = frozenset({"etag"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return self.translation.failures(self._stated(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        answer = self._operation(call, "create")(**{f"{self.family}Config": self.translation.request(self._stated(inputs))})
        identity = answer[self.family]["Id"]
        return identity, with_blanks(self.token, inputs, self._facts(call, identity, answer))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        answer = self._operation(call, "get")(Id=resource_id)
        found = self.translation.properties(self.token, without_empty(answer[self.family][f"{self.family}Config"]))
        for name, value in found.items():
            if isinstance(state.get(name), dict):
                found[name] = aligned(state[name], value, defaults=self.settled)
        return found | self._facts(call, resource_id, answer)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        answer = self._operation(call, "get")(Id=resource_id)
        config, wanted = f"{self.family}Config", self.translation.request(self._stated(new))
        # The mark changes with every update: an update that was already made is not made again.
        if canonical(answer[self.family][config]) != canonical(wanted):
            answer = self._operation(call, "update")(Id=resource_id, IfMatch=answer["ETag"], **{config: wanted})
        return with_blanks(self.token, new, self._facts(call, resource_id, answer))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        mark = self._operation(call, "get")(Id=resource_id)["ETag"]
        self._operation(call, "delete")(Id=resource_id, IfMatch=mark)

    def _operation(self, call: Call, verb: str) -> Callable[..., dict[str, Any]]:
        operation: Callable[..., dict[str, Any]] = getattr(call.client("cloudfront"), f"{verb}_{self.words}")
        return operation

    def _facts(self, call: Call, identity: str, answer: dict[str, Any]) -> Properties:
        return {"arn": arn(call, f"{self.words.replace('_', '-')}/{identity}"), "etag": answer["ETag"]}

    def _stated(self, inputs: Properties) -> Properties:
        return inputs


class CachePolicy(_Policy):
    """What makes two requests the same, and for how long."""

    token = "aws:cloudfront/cachePolicy:CachePolicy"
    family = "CachePolicy"
    words = "cache_policy"
    translation = Translation("cloudfront", "CreateCachePolicy", below="CachePolicyConfig")
    defaults = {"minTtl": 0, "defaultTtl": 86_400, "maxTtl": 31_536_000}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        times = [inputs[name] for name in ("minTtl", "defaultTtl", "maxTtl")]
        if all(isinstance(time, int) for time in times) and times != sorted(times):
            return [Failure("defaultTtl", f"must lie between minTtl and maxTtl (got {times[0]}, {times[1]}, {times[2]})")]
        return super().check(call, inputs)

    def _stated(self, inputs: Properties) -> Properties:
        key = inputs["parametersInCacheKeyAndForwardedToOrigin"]
        if not isinstance(key, dict):
            return inputs
        stated = {"enableAcceptEncodingGzip": False, "enableAcceptEncodingBrotli": False, **key}
        return {**inputs, "parametersInCacheKeyAndForwardedToOrigin": stated}


class OriginRequestPolicy(_Policy):
    """What reaches the origin beside the cache key."""

    token = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
    family = "OriginRequestPolicy"
    words = "origin_request_policy"
    translation = Translation("cloudfront", "CreateOriginRequestPolicy", below="OriginRequestPolicyConfig")


class ResponseHeadersPolicy(_Policy):
    """Headers that viewers get: security, CORS, the operator's own."""

    token = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
    family = "ResponseHeadersPolicy"
    words = "response_headers_policy"
    translation = Translation("cloudfront", "CreateResponseHeadersPolicy", below="ResponseHeadersPolicyConfig")
