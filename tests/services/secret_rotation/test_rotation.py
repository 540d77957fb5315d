"""Rotations run to their end, and go on where they were cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.rds.models import rds_backends

from services.secret_rotation.kinds import NotYetError
from services.secret_rotation.rotation import RotationRefusedError
from services.secret_rotation.rows import Row
from tests.services.secret_rotation.account import REGION, Account, account

SESSIONS, MASTER = "sessions", "database-master"
STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]
ROWS = {
    SESSIONS: Row(kind="plain", days=30, generated=True, rotates=True, holds=("secret", "salt")),
    MASTER: Row(kind="database", days=30, generated=False, rotates=True),
}
FACTS = {"engine": "postgres", "dbInstanceIdentifier": "bookings", "username": "platform_admin"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account(monkeypatch, dict(ROWS)) as made:
        made.secrets.create_secret(Name=SESSIONS, SecretString=json.dumps({"secret": "first", "salt": "first", "issuer": "morefocus"}))
        made.secrets.create_secret(Name=MASTER, SecretString=json.dumps({**FACTS, "password": "first-password"}))
        made.connect("rds").create_db_instance(
            DBInstanceIdentifier="bookings",
            DBInstanceClass="db.r5.xlarge",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="platform_admin",
            MasterUserPassword="first-password",
        )
        yield made


def password_of_the_database() -> str:
    return str(rds_backends[DEFAULT_ACCOUNT_ID][REGION].databases["bookings"]._master_user_password)


def test_a_generated_secret_gets_new_values_and_keeps_all_else(cloud: Account) -> None:
    cloud.rotate(SESSIONS)
    assert cloud.steps == STEPS
    value = cloud.value(SESSIONS)
    assert value["issuer"] == "morefocus"
    assert len({value["secret"], value["salt"], "first"}) == 3
    assert len(value["secret"]) == 48 and value["secret"].isalnum()
    assert cloud.value(SESSIONS, "AWSPREVIOUS")["secret"] == "first"


def test_the_first_rotation_leaves_nothing_of_what_stood_there_before(cloud: Account) -> None:
    cloud.secrets.put_secret_value(SecretId=SESSIONS, SecretString=json.dumps({"state": "the first rotation makes the value"}))
    cloud.rotate(SESSIONS)
    assert cloud.value(SESSIONS).keys() == {"secret", "salt"}


def test_a_secret_can_be_rotated_again_and_again(cloud: Account) -> None:
    seen = {"first"}
    for _ in range(3):
        cloud.rotate(SESSIONS)
        seen.add(cloud.value(SESSIONS)["secret"])
    assert len(seen) == 4


def test_the_database_and_its_secret_get_the_same_new_password(cloud: Account) -> None:
    cloud.rotate(MASTER)
    value = cloud.value(MASTER)
    assert value == {**FACTS, "password": value["password"]}
    assert value["password"] == password_of_the_database() != "first-password"


@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_cut_off_anywhere_leaves_a_good_password_and_is_finished_later(cloud: Account, step: str) -> None:
    def fails(reached: str) -> None:
        if reached == step:
            raise ConnectionError("the network is gone")

    cloud.before = fails
    with pytest.raises(ConnectionError):
        cloud.rotate(MASTER)
    assert cloud.value(MASTER)["password"] == "first-password", "readers have the old one until the last step"
    made = None if step == "createSecret" else cloud.value(MASTER, "AWSPENDING")["password"]

    cloud.before = lambda step: None
    cloud.resume(MASTER)
    assert cloud.value(MASTER)["password"] == password_of_the_database()
    assert made in (None, cloud.value(MASTER)["password"]), "the password that was made is used, not another one"


def test_a_rotation_that_is_finished_is_not_run_again(cloud: Account) -> None:
    cloud.rotate(MASTER)
    value, (version,) = (
        cloud.value(MASTER),
        [
            version
            for version, stages in cloud.secrets.describe_secret(SecretId=MASTER)["VersionIdsToStages"].items()
            if "AWSCURRENT" in stages
        ],
    )
    for step in STEPS:
        cloud.step({"SecretId": MASTER, "ClientRequestToken": version, "Step": step})
    assert cloud.value(MASTER) == value


def test_a_database_that_is_busy_keeps_its_password_until_it_is_not(cloud: Account) -> None:
    database = rds_backends[DEFAULT_ACCOUNT_ID][REGION].databases["bookings"]
    database.status = "backing-up"
    with pytest.raises(NotYetError, match="bookings is backing-up"):
        cloud.rotate(MASTER)
    assert password_of_the_database() == "first-password" == cloud.value(MASTER)["password"]
    database.status = "available"
    cloud.resume(MASTER)
    assert password_of_the_database() == cloud.value(MASTER)["password"] != "first-password"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Step": "eraseSecret"}, "step must be one of"),
        ({"ClientRequestToken": "00000000-0000-0000-0000-000000000000"}, "has no version"),
        ({"SecretId": "strange"}, "has no row"),
    ],
)
def test_a_call_that_can_never_succeed_is_refused(cloud: Account, change: dict[str, str], reason: str) -> None:
    cloud.secrets.create_secret(Name="strange", SecretString="{}")
    cloud.rotate(SESSIONS)
    event = {"SecretId": SESSIONS, "ClientRequestToken": "a" * 32, "Step": "createSecret"} | change
    with pytest.raises(RotationRefusedError, match=reason):
        cloud.step(event)


def test_a_secret_whose_rotation_is_off_is_refused(cloud: Account) -> None:
    with pytest.raises(RotationRefusedError, match="does not rotate"):
        cloud.step({"SecretId": MASTER, "ClientRequestToken": "a" * 32, "Step": "createSecret"})
