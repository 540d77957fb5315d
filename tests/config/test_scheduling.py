"""What a stack may say of its scheduling service, and what it is told of a mistake."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from config.errors import ConfigError
from config.load import load
from config.scheduling import ADDRESS_KEY, GATEWAYS, PAYMENT_ROWS, Payment, SchedulingPlan, WhatsApp
from config.vocabulary import Market, Region
from tests.kit.plans import shipped, stack, write

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")


def bent(**changes: Any) -> dict[str, Any]:
    """The shipped defaults with changes, one level deep."""
    plan: dict[str, Any] = shipped()["config/estate.yaml"]["defaults"]["scheduling"]
    for key, value in changes.items():
        plan[key] = {**plan[key], **value} if isinstance(value, dict) and isinstance(plan[key], dict) else value
    return plan


def problem(**changes: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as error:
        SchedulingPlan.model_validate(bent(**changes))
    first = error.value.errors()[0]
    context = first.get("ctx", {})
    return ".".join([*map(str, first["loc"]), *([str(context["key"])] if "key" in context else [])]), str(first["msg"])


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_runs_what_the_sources_name(name: str) -> None:
    plan = load(name).plan.scheduling
    assert plan.enabled and plan.whatsapp == "z-api" and plan.artifact is None
    assert (plan.requests_per_minute, plan.cache_seconds) == (1000, 300)
    assert plan.canary is not None and plan.canary.steps == (5, 25, 50, 100)
    assert plan.retention_days.audit >= 365
    assert plan.time_zone != "UTC"


def test_staging_runs_it_small_and_takes_no_calls_from_production() -> None:
    plan = load("staging").plan.scheduling
    assert plan.enabled and plan.functions.reserved == 0 and plan.cache_seconds == 0
    assert plan.canary is not None and (plan.canary.steps, plan.canary.bake_minutes) == ((50, 100), 1)


def test_payments_follow_the_markets_and_so_do_the_secrets_that_are_read() -> None:
    europe, brazil = (load(name).plan for name in ("eu-west-1", "sa-east-1"))
    always = {"WHATSAPP": "z-api", "ADDRESS_KEY": "scheduling-address-key", "STRIPE_WEBHOOK": "stripe-webhook"}
    assert europe.scheduling.secret_rows(europe.markets) == always
    assert brazil.scheduling.secret_rows(brazil.markets) == always | {
        "MERCADO_PAGO": "mercado-pago",
        "MERCADO_PAGO_WEBHOOK": "mercado-pago-webhook",
    }
    assert SchedulingPlan.model_validate(bent(whatsapp="meta")).secret_rows(())["WHATSAPP"] == "whatsapp-business"


def test_every_gateway_and_every_payment_has_its_rows_in_the_shipped_catalogue() -> None:
    rows = load("us-east-1").catalogue.integrations
    assert set(GATEWAYS) == set(get_args(WhatsApp))
    assert set(PAYMENT_ROWS) == set(get_args(Payment))
    assert {ADDRESS_KEY, *(gateway.row for gateway in GATEWAYS.values()), *(row for each in PAYMENT_ROWS.values() for row in each)} <= set(
        rows
    )


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"whatsapp": "smoke-signals"}, "whatsapp", "'z-api', 'ultramsg' or 'meta'"),
        ({"payments": {"US": ["cash"]}}, "payments.US.0", "'stripe' or 'mercado-pago'"),
        ({"payments": {"UK": ["stripe"]}}, "payments.UK.[key]", "'US', 'CA', 'EU', 'BR' or 'AR'"),
        ({"retention_days": {"audit": 90}}, "retention_days.audit", "greater than or equal to 365"),
        ({"retention_days": {"sessions": 1}}, "retention_days.sessions", "Extra inputs"),
        ({"canary": {"steps": [5, 50, 25, 100]}}, "canary.steps", "rising percentages"),
        ({"canary": {"steps": [5, 50]}}, "canary.steps", "end in 100"),
        ({"requests_per_minute": 10}, "requests_per_minute", "greater than or equal to 60"),
        ({"cache_seconds": 7200}, "cache_seconds", "less than or equal to 3600"),
        ({"artifact": {"key": "release.zip", "sha256": "abc"}}, "artifact.sha256", "match pattern"),
        ({"mail": {"sender": "no reply"}}, "mail.sender", "match pattern"),
        ({"extension_layer": "layer"}, "extension_layer", "match pattern"),
    ],
)
def test_a_mistake_is_told_with_its_key(changes: dict[str, Any], key: str, said: str) -> None:
    where, what = problem(**changes)
    assert where == key and said in what


@pytest.mark.parametrize(
    ("function", "seconds", "said"), [("privacy", 60, "API Gateway gives up"), ("tokens", 10, "Cognito gives up"), ("messages", 901, "900")]
)
def test_a_function_that_is_waited_for_answers_in_time(function: str, seconds: int, said: str) -> None:
    functions = bent()["functions"]
    functions[function]["timeout_seconds"] = seconds
    where, what = problem(functions=functions)
    assert where == f"functions.{function}.timeout_seconds" and said in what


def test_an_unknown_provider_ends_the_preview_naming_file_key_and_what_there_is(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:scheduling"]["whatsapp"] = "smoke-signals"
    with pytest.raises(ConfigError) as error:
        load("eu-west-1", root=write(documents, tmp_path))
    said = str(error.value)
    assert "Pulumi.eu-west-1.yaml: morefocus:scheduling.whatsapp" in said and "given    smoke-signals" in said
    assert "z-api, ultramsg, meta" in said


def test_a_layer_of_another_region_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    arn = "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:99"
    stack(documents, "eu-west-1")["morefocus:scheduling"]["extension_layer"] = arn
    with pytest.raises(ConfigError, match=r"scheduling\.extension_layer[\s\S]*a layer of eu-west-1"):
        load("eu-west-1", root=write(documents, tmp_path))


def test_a_market_without_an_entry_has_no_payments() -> None:
    plan = SchedulingPlan.model_validate(bent(payments={"EU": []}))
    assert plan.providers((Market.EU,)) == () and plan.providers((Market.BR, Market.EU)) == ("stripe", "mercado-pago")
    plan.stands_in(Region.EU_WEST_1)
