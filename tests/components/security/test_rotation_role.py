import json
from typing import Any

import pytest

from components.security.rotation_role import rotation_statements
from components.security.secret_row import SecretRow
from config.vocabulary import Region
from tests.kit.contexts import a_context

ROWS = {
    "issued": SecretRow(days=90, generated=False, rotates=False, holds=("api_key",)),
    "made": SecretRow(days=90, generated=True, rotates=False, holds=("key",)),
    "master": SecretRow(days=30, generated=False, rotates=True, kind="database"),
}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


def statements(databases: tuple[str, ...] = ("bookings",)) -> dict[str, dict[str, Any]]:
    document = rotation_statements(a_context(Region.EU_WEST_1), "rotation", rows=ROWS, key_arn=KEY, namespace="Sample", databases=databases)
    assert isinstance(document, str)
    return {each["Sid"]: each for each in json.loads(document)["Statement"]}


def secret(name: str) -> str:
    return f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-??????"


def test_the_function_reads_and_writes_only_what_it_renews() -> None:
    renewing = statements()["RenewItsOwn"]
    assert renewing["Resource"] == [secret("made"), secret("master")]
    reading = [sid for sid, each in statements().items() if "secretsmanager:GetSecretValue" in each["Action"]]
    assert reading == ["RenewItsOwn"]


def test_the_function_looks_at_the_age_of_all_secrets() -> None:
    assert statements()["LookAtAll"]["Resource"] == [secret("issued"), secret("made"), secret("master")]


def test_the_key_is_used_through_secrets_manager_alone() -> None:
    use = statements()["UseTheKeyForSecrets"]
    assert use["Resource"] == KEY
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


def test_passwords_are_set_on_the_named_databases_and_on_no_other() -> None:
    assert statements()["SetMasterPasswords"]["Resource"] == "arn:aws:rds:eu-west-1:123456789012:db:bookings"
    assert "SetMasterPasswords" not in statements(databases=())


@pytest.mark.parametrize("sid", ["LookAtAll", "RenewItsOwn", "UseTheKeyForSecrets", "WriteItsLog", "SetMasterPasswords"])
def test_no_statement_is_about_everything(sid: str) -> None:
    found = statements()[sid]
    assert found["Resource"] != "*"
    assert not any(action.endswith("*") for action in found["Action"])
