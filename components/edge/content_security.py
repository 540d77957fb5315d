"""What a browser may load and call on behalf of the web client: the content security policy (SCH-1, SCH-5)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SOURCE = re.compile(r"https://(\*\.)?([a-z0-9-]+\.)+[a-z]{2,63}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Other origins that the client needs.

    Raises ValueError when one is no https origin, such as `https://api.example.com`.
    """

    connect: Sequence[str] = ()
    """Whom its code may call."""
    script: Sequence[str] = ()
    """Whose code it runs."""
    frame: Sequence[str] = ()
    """Whose pages it shows inside its own, such as the field for a card's number."""

    def __post_init__(self) -> None:
        for kind in ("connect", "script", "frame"):
            wrong = [source for source in getattr(self, kind) if not _SOURCE.fullmatch(source)]
            if wrong:
                raise ValueError(f"{kind} must be origins such as 'https://api.example.com' (got {', '.join(wrong)})")


PAYMENT_SOURCES: Mapping[str, Sources] = {
    "stripe": Sources(
        connect=("https://api.stripe.com",),
        script=("https://js.stripe.com", "https://*.js.stripe.com"),
        frame=("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"),
    ),
    "mercado-pago": Sources(
        connect=("https://api.mercadopago.com", "https://api-static.mercadopago.com", "https://secure-fields.mercadopago.com"),
        script=("https://sdk.mercadopago.com",),
        frame=("https://secure-fields.mercadopago.com",),
    ),
}
"""What the checkout of each provider needs.

Source of the first: https://docs.stripe.com/security/guide#content-security-policy. Mercado Pago publishes no list: its secure fields,
described at https://github.com/mercadopago/sdk-js, are frames of their own host and call these three (seen in open projects, 2026-11-22).
"""


def policy(*needed: Sources) -> str:
    """Return the policy that admits the client itself and what is `needed`; without anything needed, nobody else."""
    return "; ".join(
        (
            "default-src 'self'",
            # Flutter compiles WebAssembly and sets styles from its own code.
            _directive("script-src", ["'self'", "'wasm-unsafe-eval'"], [each for one in needed for each in one.script]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            _directive("connect-src", ["'self'"], [each for one in needed for each in one.connect]),
            _directive("frame-src", [], [each for one in needed for each in one.frame]),
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "upgrade-insecure-requests",
        )
    )


def _directive(name: str, always: Sequence[str], others: Sequence[str]) -> str:
    return " ".join([name, *(list(dict.fromkeys([*always, *others])) or ["'none'"])])
