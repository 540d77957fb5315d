"""Macie against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ACCOUNT = "aws:macie2/account:Account"
JOB = "aws:macie2/classificationJob:ClassificationJob"
IDENTIFIER = "aws:macie/customDataIdentifier:CustomDataIdentifier"
TAGGED = {
    "bucketCriteria": {
        "includes": {"ands": [{"tagCriterion": {"comparator": "EQ", "tagValues": [{"key": "data-class", "value": "personal"}]}}]}
    },
    "scoping": {"excludes": {"ands": [{"simpleScopeTerm": {"comparator": "STARTS_WITH", "key": "OBJECT_KEY", "values": ["archive/"]}}]}},
}


def job(**more: Any) -> dict[str, Any]:
    return {"name": "weekly", "jobType": "SCHEDULED", "s3JobDefinition": TAGGED, "scheduleFrequency": {"weeklySchedule": "SUNDAY"}} | more


@pytest.fixture
def macie(workbench: Workbench) -> Life:
    return workbench.made(ACCOUNT)


def test_macie_is_off_until_it_is_switched_on(workbench: Workbench) -> None:
    life = workbench.life(ACCOUNT)
    with pytest.raises(Exception, match="Macie is not enabled"):
        life.boto("macie2").get_macie_session()
    life.create(findingPublishingFrequency="ONE_HOUR")
    assert life.boto("macie2").get_macie_session()["findingPublishingFrequency"] == "ONE_HOUR"
    assert life.refresh() == []
    life.update(findingPublishingFrequency="SIX_HOURS", status="PAUSED")
    assert life.boto("macie2").get_macie_session()["status"] == "PAUSED"
    assert life.imported()[0]["findingPublishingFrequency"] == "SIX_HOURS"
    with pytest.raises(Exception, match="already been enabled"):
        workbench.made(ACCOUNT, logical="second")
    life.delete()
    assert life.gone()


def test_a_job_lives_as_declared_until_it_is_cancelled(workbench: Workbench, macie: Life) -> None:
    identifier = workbench.made(IDENTIFIER, name="cpf", regex="[0-9]{11}").id
    given = job(customDataIdentifierIds=[identifier], samplingPercentage=50, initialRun=True, description="Looks for persons")
    life = workbench.made(JOB, **given, tags={"owner": "platform"})
    client = life.boto("macie2")
    live = client.describe_classification_job(jobId=life.id)
    criterion = live["s3JobDefinition"]["bucketCriteria"]["includes"]["and"][0]["tagCriterion"]
    assert criterion == {"comparator": "EQ", "tagValues": [{"key": "data-class", "value": "personal"}]}
    assert live["scheduleFrequency"] == {"weeklySchedule": {"dayOfWeek": "SUNDAY"}}
    assert (live["samplingPercentage"], live["initialRun"], live["tags"]) == (50, True, {"owner": "platform"})
    assert life.refresh() == []
    life.update(**given, jobStatus="USER_PAUSED", tags={"owner": "security"})
    assert client.describe_classification_job(jobId=life.id)["jobStatus"] == "USER_PAUSED"
    assert client.list_tags_for_resource(resourceArn=life.outputs["jobArn"])["tags"] == {"owner": "security"}
    assert life.imported()[0]["samplingPercentage"] == 50
    assert life.replaced_by(**given | {"samplingPercentage": 100}) == {"samplingPercentage"}
    life.delete()
    assert life.gone() and client.describe_classification_job(jobId=life.id)["jobStatus"] == "CANCELLED"


@pytest.mark.parametrize("schedule", [{"dailySchedule": True}, {"monthlySchedule": 3}])
def test_a_schedule_comes_back_as_it_was_written(workbench: Workbench, macie: Life, schedule: dict[str, Any]) -> None:
    life = workbench.made(JOB, **job(scheduleFrequency=schedule))
    assert life.refresh() == [] and life.imported()[0]["scheduleFrequency"] == schedule


def test_an_identifier_is_replaced_by_any_change_of_what_it_finds(workbench: Workbench, macie: Life) -> None:
    inputs: dict[str, Any] = {"name": "cpf", "regex": "[0-9]{11}", "keywords": ["cpf"], "maximumMatchDistance": 30}
    life = workbench.made(IDENTIFIER, **inputs, tags={"owner": "platform"})
    client = life.boto("macie2")
    live = client.get_custom_data_identifier(id=life.id)
    assert (live["regex"], live["keywords"], live["maximumMatchDistance"]) == ("[0-9]{11}", ["cpf"], 30)
    assert life.refresh() == []
    life.update(**inputs, tags={"owner": "security"})
    assert client.get_custom_data_identifier(id=life.id)["tags"] == {"owner": "security"}
    assert life.replaced_by(**inputs | {"regex": "[0-9]{14}"}) == {"regex"}
    life.delete()
    assert life.gone() and client.list_custom_data_identifiers()["items"] == []


def test_what_macie_does_not_know_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="SCHEDULED"):
        workbench.life(JOB).check(**job(jobType="WEEKLY"))
    with pytest.raises(InvalidInputs, match="FIFTEEN_MINUTES"):
        workbench.life(ACCOUNT).check(findingPublishingFrequency="DAILY")
