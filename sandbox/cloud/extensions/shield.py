"""Shield Advanced: a subscription made once, whose renewal can be stopped."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import answer, asked, refused


def install() -> None:
    """Adds it to moto."""
    from moto.shield.models import ShieldBackend
    from moto.shield.responses import ShieldResponse

    ShieldBackend.create_subscription = _once(ShieldBackend.create_subscription)
    ShieldResponse.update_subscription = _update


def _once(original: Any) -> Any:
    @wraps(original)
    def create(self: Any) -> None:
        if self.subscription is not None:
            raise refused("ResourceAlreadyExistsException", "The subscription exists already.")
        original(self)

    return create


def _update(self: Any) -> str:
    self.shield_backend.describe_subscription().auto_renew = asked(self)["AutoRenew"]
    return answer()
