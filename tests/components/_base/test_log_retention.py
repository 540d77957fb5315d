import botocore.session
import pytest

from components._base.log_retention import RETENTION_DAYS, check_retention


@pytest.mark.parametrize("days", RETENTION_DAYS)
def test_every_period_of_the_table_is_accepted(days: int) -> None:
    check_retention("retention_days", days)


@pytest.mark.parametrize("days", [0, -1, 2, 366, 9999])
def test_any_other_period_is_refused_naming_the_argument_and_what_is_allowed(days: int) -> None:
    with pytest.raises(ValueError, match=rf"flow_log_retention_days must be one of 1, 3, 5.*\(got {days}\)"):
        check_retention("flow_log_retention_days", days)


def test_the_table_is_the_one_the_service_documents() -> None:
    model = botocore.session.get_session().get_service_model("logs")
    documented = model.shape_for("Days").documentation
    assert [str(days) for days in RETENTION_DAYS] == [word for word in _numbers(documented) if word != "0"]


def _numbers(text: str) -> list[str]:
    import re

    sentence = text.partition("Possible values are:")[2].partition("</p>")[0]
    return re.findall(r"\d+", sentence)
