"""WAF: an update without rules leaves none, and what moto drops of a web ACL stays."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.wafv2.models import WAFV2Backend

    WAFV2Backend.update_web_acl = _emptied(WAFV2Backend.update_web_acl)


def _emptied(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, name: str, _id: str, default_action: Any, rules: Any, *args: Any, **kwargs: Any) -> Any:
        token = original(self, name, _id, default_action, rules, *args, **kwargs)
        if not rules:
            self.get_web_acl(None, name, _id).rules = []
        return token

    return update
