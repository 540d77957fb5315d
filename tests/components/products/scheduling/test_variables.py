"""A function is told what its handler reads, and nothing else."""

import re
from typing import get_args

import pytest

from components.products.scheduling.functions import FUNCTIONS
from components.products.scheduling.variables import Told, Variables, variables
from config.load import ROOT

FOLDER = ROOT / "services" / "scheduling"
_DEMANDED = re.compile(r'variable\((?:[\w.]+, )?"([A-Z_]+)"')
_QUEUES = re.compile(r'"((?:JOBS|DEAD_LETTER)_QUEUE_URL)"')


def told() -> dict[str, Variables]:
    return variables(
        Told(
            whatsapp="meta",
            sender="no-reply",
            language="es",
            time_zone="America/Argentina/Buenos_Aires",
            retention_days={"booking": 730, "audit": 365},
            files_bucket="files",
            messages_per_minute=120,
        ),
        web_host="app.example.com",
        mail_domain="mail.use1.example.com",
        table="scheduling",
        queue_url="https://sqs/jobs",
        dead_letter_url="https://sqs/jobs-dead",
        configuration_set="mail",
        user_pool_id="us-east-1_a",
    )


def test_every_function_has_an_environment() -> None:
    assert set(told()) == set(FUNCTIONS) and told()["tokens"] == {}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_the_files_of_a_handler_cannot_do_without_is_there(function: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (FOLDER / function).rglob("*.mjs")]
    assert sources
    demanded = {name for text in sources for pattern in (_DEMANDED, _QUEUES) for name in pattern.findall(text)}
    assert demanded <= set(told()[function]), function


def test_bookings_know_how_and_in_which_time_customers_are_told() -> None:
    bookings = told()["bookings"]
    assert (bookings["DEFAULT_LANGUAGE"], bookings["TIME_ZONE"]) == ("es", "America/Argentina/Buenos_Aires")


def test_languages_of_the_configuration_are_those_of_the_templates() -> None:
    from config.scheduling import Language

    assert {path.stem for path in (FOLDER / "messages" / "templates").glob("*.json")} == set(get_args(Language))


def test_days_are_told_by_class_and_what_is_kept_until_erased_is_left_out() -> None:
    bookings = told()["bookings"]
    assert (bookings["RETENTION_DAYS_BOOKING"], bookings["RETENTION_DAYS_AUDIT"]) == ("730", "365")
    assert "RETENTION_DAYS_CUSTOMER" not in bookings


def test_classes_of_the_configuration_are_those_that_the_handlers_know() -> None:
    from config.scheduling import RetentionPlan

    known = re.search(r"const DAYS = \{(.*?)\n\};", (FOLDER / "shared" / "retention.mjs").read_text(encoding="utf-8"), re.DOTALL)
    assert known is not None
    assert set(RetentionPlan.model_fields) <= set(re.findall(r"^\s+(\w+):", known[1], re.MULTILINE))


def test_mail_comes_from_the_regions_own_domain() -> None:
    assert told()["messages"]["MAIL_FROM"] == "no-reply@mail.use1.example.com"
    assert told()["messages"]["WHATSAPP_PROVIDER"] == "meta"


def test_what_a_tenant_may_send_in_a_minute_comes_from_the_configuration() -> None:
    assert told()["messages"]["TENANT_MESSAGES_PER_MINUTE"] == "120"


def test_browsers_are_let_in_from_the_web_client_alone() -> None:
    assert {each for each, given in told().items() if "ALLOWED_ORIGINS" in given} == {"bookings", "privacy", "payments"}
    assert told()["privacy"]["ALLOWED_ORIGINS"] == "https://app.example.com"
