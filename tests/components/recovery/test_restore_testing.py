from collections.abc import Callable
from dataclasses import replace

import pytest

from components.recovery.restore_testing import RestoreTesting, RestoreTestingArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

VAULT = "arn:aws:backup:us-east-1:123456789012:backup-vault:points"
ARGS = RestoreTestingArgs(
    vault_arn=VAULT,
    role_arn="arn:aws:iam::123456789012:role/restore",
    kinds=("EFS", "RDS"),
    overrides={"RDS": {"dbSubnetGroupName": "isolated"}},
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: RestoreTesting("tests", a_context(), ARGS))


def test_the_newest_backup_of_the_week_is_restored_every_sunday(graph: Graph) -> None:
    plan = graph.one("aws:backup/restoreTestingPlan:RestoreTestingPlan").inputs
    assert plan["scheduleExpression"] == "cron(0 8 ? * SUN *)"
    assert plan["recoveryPointSelection"] == {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": [VAULT],
        "recoveryPointTypes": ["SNAPSHOT"],
        "selectionWindowDays": 7,
    }
    assert plan["name"] == "morefocus_prod_use1_tests"


def test_each_kind_is_tested_of_the_stores_that_the_plan_backs_up(graph: Graph) -> None:
    selections = {
        each.inputs["protectedResourceType"]: each.inputs
        for each in graph.of_type("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    }
    assert set(selections) == {"EFS", "RDS"}
    for selection in selections.values():
        keys = {each["key"] for each in selection["protectedResourceConditions"]["stringEquals"]}
        assert keys == {"aws:ResourceTag/backup", "aws:ResourceTag/environment"}
        assert selection["validationWindowHours"] == 4
    assert selections["RDS"]["restoreMetadataOverrides"] == {"dbSubnetGroupName": "isolated"}
    assert "restoreMetadataOverrides" not in selections["EFS"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: replace(ARGS, kinds=("Redis",)), "kinds must be among"),  # type: ignore[arg-type]
        (lambda: replace(ARGS, overrides={"Redis": {}}), "kinds must be among"),
        (lambda: replace(ARGS, hour=24), r"hour must be 0 to 23 \(got 24\)"),
        (lambda: replace(ARGS, validation_hours=169), "validation_hours must be 0 to 168"),
        (lambda: replace(ARGS, newest_of_days=0), "newest_of_days must be 1 to 365"),
    ],
)
def test_what_aws_would_refuse_is_refused_at_once(change: Callable[[], RestoreTestingArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change()
