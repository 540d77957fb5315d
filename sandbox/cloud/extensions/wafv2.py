"""WAF: an update leaves what it says and nothing else, and a resource has one web ACL."""

from __future__ import annotations

import inspect
import uuid
from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.wafv2.models import FakeIPSet, WAFV2Backend

    FakeIPSet.__init__ = _locked(FakeIPSet.__init__)
    FakeIPSet.update = _locked(FakeIPSet.update)
    WAFV2Backend.update_web_acl = _emptied(WAFV2Backend.update_web_acl)
    WAFV2Backend.associate_web_acl = _only(WAFV2Backend.associate_web_acl)


def _emptied(original: Any) -> Any:
    arguments = inspect.signature(original)

    @wraps(original)
    def update(self: Any, *args: Any, **kwargs: Any) -> Any:
        asked = arguments.bind(self, *args, **kwargs).arguments
        token = original(self, *args, **kwargs)
        acl = self.get_web_acl(None, asked["name"], asked["_id"])
        acl.rules = acl.rules if asked["rules"] else []
        # moto takes what is left out as unchanged; AWS takes the request as the whole.
        for name in ("custom_response_bodies", "captcha_config", "challenge_config", "token_domains", "association_config"):
            setattr(acl, name, asked.get(name))
        return token

    return update


def _only(original: Any) -> Any:
    @wraps(original)
    def associate(self: Any, web_acl_arn: str, resource_arn: str) -> None:
        if web_acl_arn in self.wacls:
            for acl in self.wacls.values():
                acl.associated_resources = [arn for arn in acl.associated_resources if arn != resource_arn]
        original(self, web_acl_arn, resource_arn)

    return associate


def _locked(original: Any) -> Any:
    @wraps(original)
    def change(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        # moto cuts the token, which WAF's own model of the request then refuses.
        self.lock_token = str(uuid.uuid4())

    return change
