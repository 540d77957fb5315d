from typing import Any

import pytest

from components.edge.content_security import PAYMENT_SOURCES, Sources, policy


def _directives(text: str) -> dict[str, list[str]]:
    return {name: said.split() for name, _, said in (each.strip().partition(" ") for each in text.split(";"))}


def test_without_need_the_client_calls_and_runs_nobody_elses() -> None:
    told = _directives(policy())
    assert told["default-src"] == told["connect-src"] == ["'self'"]
    assert told["frame-src"] == told["object-src"] == told["frame-ancestors"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(told["script-src"])
    assert "upgrade-insecure-requests" in told


def test_what_is_needed_is_admitted_once_and_for_its_own_use_alone() -> None:
    pool = Sources(connect=["https://users.auth.us-east-1.amazoncognito.com"])
    told = _directives(policy(pool, PAYMENT_SOURCES["stripe"], PAYMENT_SOURCES["stripe"], PAYMENT_SOURCES["mercado-pago"]))
    assert told["connect-src"][:3] == ["'self'", "https://users.auth.us-east-1.amazoncognito.com", "https://api.stripe.com"]
    assert "https://api.stripe.com" not in told["script-src"] and "https://js.stripe.com" in told["script-src"]
    assert "https://secure-fields.mercadopago.com" in told["frame-src"] and "'none'" not in told["frame-src"]
    assert all(len(said) == len(set(said)) for said in told.values())


def test_no_provider_is_admitted_that_config_does_not_know() -> None:
    from typing import get_args

    from config.scheduling import Payment

    assert set(PAYMENT_SOURCES) == set(get_args(Payment))


@pytest.mark.parametrize(
    "change", [{"connect": ["http://api.example.com"]}, {"script": ["*"]}, {"frame": ["https://a.example.com; script-src *"]}]
)
def test_what_would_open_the_policy_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be origins such as 'https://api\.example\.com'"):
        Sources(**change)
