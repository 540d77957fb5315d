from typing import Any

import pytest

from components.security.data_discovery import DataDiscovery, DataDiscoveryArgs
from components.security.personal_identifiers import IDENTIFIERS
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, Recorded, record

JOB = "aws:macie2/classificationJob:ClassificationJob"
IDENTIFIER = "aws:macie/customDataIdentifier:CustomDataIdentifier"


def discovery(**more: Any) -> Graph:
    return record(lambda: DataDiscovery("data-discovery", a_context(), DataDiscoveryArgs(**more)))


def criterion(job: Recorded) -> dict[str, Any]:
    (found,) = job.inputs["s3JobDefinition"]["bucketCriteria"]["includes"]["ands"]
    tag: dict[str, Any] = found["tagCriterion"]
    return tag


def test_buckets_are_searched_by_what_they_are_tagged_to_hold_and_by_what_they_are_not() -> None:
    jobs = discovery().of_type(JOB)
    assert all(criterion(job)["tagValues"] == [{"key": "data-class", "value": "personal"}] for job in jobs)
    assert {job.name: criterion(job)["comparator"] for job in jobs} == {"data-discovery-personal": "EQ", "data-discovery-elsewhere": "NE"}


def test_jobs_run_by_themselves_over_what_is_new_and_at_once_over_what_is_there() -> None:
    for job in discovery().of_type(JOB):
        assert (job.inputs["jobType"], job.inputs["initialRun"]) == ("SCHEDULED", True)
        assert (job.inputs["scheduleFrequency"], job.inputs["samplingPercentage"]) == ({"weeklySchedule": "SUNDAY"}, 10)
    daily = discovery(schedule="daily", sampling_percent=100).of_type(JOB)
    assert all(job.inputs["scheduleFrequency"] == {"dailySchedule": True} for job in daily)
    assert all(job.inputs["samplingPercentage"] == 100 for job in daily)


def test_the_numbers_of_the_markets_are_looked_for() -> None:
    graph = discovery()
    made = graph.of_type(IDENTIFIER)
    assert {each.inputs["regex"] for each in made} == {each.regex for each in IDENTIFIERS}
    ids = {each.answered["id"] for each in made}
    assert all(set(job.inputs["customDataIdentifierIds"]) == ids for job in graph.of_type(JOB))


def test_nothing_is_made_before_macie_is_on_and_findings_leave_it_every_fifteen_minutes() -> None:
    graph = discovery()
    account = graph.one("aws:macie2/account:Account")
    assert (account.inputs["status"], account.inputs["findingPublishingFrequency"]) == ("ENABLED", "FIFTEEN_MINUTES")
    assert all(account.urn in each.depends_on for each in (*graph.of_type(JOB), *graph.of_type(IDENTIFIER)))


@pytest.mark.parametrize(("more", "said"), [({"sampling_percent": 0}, r"1 to 100 \(got 0\)"), ({"schedule": "hourly"}, r"daily or weekly")])
def test_what_macie_does_not_have_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        DataDiscoveryArgs(**more)
