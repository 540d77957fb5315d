"""Every region has the secrets that its markets need, and renews them."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import ROOT, Settings, load
from config.transfers import TransferRegister
from config.vocabulary import DataClass, Region
from stacks.compose import context_of
from stacks.copies import build_copies
from stacks.foundation import build_foundation
from stacks.secrets import READER, build_secrets
from tests.kit.recorder import Graph, failure, record

SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
FUNCTION = "aws:lambda/function:Function"
POLICY = "aws:iam/rolePolicy:RolePolicy"


def build(settings: Settings) -> None:
    context = context_of(settings)
    foundation = build_foundation(settings, context)
    build_secrets(settings, context, foundation, build_copies(settings, context), "arn:master")


@cache
def graph(stack: str) -> Graph:
    return record(lambda: build(load(stack)), stack=stack)


@pytest.mark.parametrize(("stack", "least"), [("us-east-1", 45), ("eu-west-1", 40), ("sa-east-1", 45)])
def test_a_region_keeps_about_fifty_secrets(stack: str, least: int) -> None:
    assert least <= len(graph(stack).of_type(SECRET)) <= 60


def test_integrations_of_one_market_are_kept_where_it_is_served() -> None:
    names = {stack: {secret.name for secret in graph(stack).of_type(SECRET)} for stack in ("us-east-1", "eu-west-1", "sa-east-1")}
    for name in ("banco-do-brasil", "rd-station", "mercado-pago"):
        assert [stack for stack, kept in names.items() if name in kept] == ["sa-east-1"]
    assert all("stripe" in kept for kept in names.values())
    assert [stack for stack, kept in names.items() if "uptimerobot" in kept] == ["us-east-1"]


def test_what_needs_no_key_has_no_secret() -> None:
    assert not {"amazon-comprehend", "vault-unseal", "cache-iam"} & {secret.name for secret in graph("us-east-1").of_type(SECRET)}


def test_secrets_are_copied_along_the_register_and_no_further() -> None:
    settings = load("eu-west-1")
    allowed = {
        row.destination for row in settings.estate.register.transfers if (row.data, row.source) == (DataClass.CREDENTIALS, Region.EU_WEST_1)
    }
    for secret in graph("eu-west-1").of_type(SECRET):
        wanted = allowed if settings.catalogue.integrations[secret.name].replicates else set()
        assert {replica["region"] for replica in secret.inputs.get("replicas", [])} == wanted
    assert not any("replicas" in secret.inputs for secret in graph("staging").of_type(SECRET))


def test_a_copy_whose_row_has_ended_is_refused_naming_the_row() -> None:
    settings = load("eu-west-1")
    rows = [
        row.model_copy(update={"expires": date(2020, 1, 1)}) if row.data is DataClass.CREDENTIALS else row
        for row in settings.estate.register.transfers
    ]
    ended = replace(settings, estate=replace(settings.estate, register=TransferRegister.model_construct(transfers=tuple(rows))))
    error, _ = failure(lambda: build(ended), stack="eu-west-1")
    assert isinstance(error, ConfigError)
    assert "data: credentials, from: eu-west-1" in str(error)


def test_the_master_password_is_rotated_where_the_database_keeps_its_own() -> None:
    rotation = graph("us-east-1").named("database-master-rotation")
    assert rotation.inputs["secretId"] == "arn:master"
    assert rotation.inputs["rotationRules"] == {"automaticallyAfterDays": 30}
    (policy,) = (each for each in graph("us-east-1").of_type(POLICY) if each.name == "secret-rotation-policy")
    assert "arn:aws:rds:us-east-1:123456789012:db:morefocus-prod-use1-database" in policy.inputs["policy"]


def test_the_function_knows_every_secret_that_it_looks_at() -> None:
    made = graph("sa-east-1")
    archive = made.one(FUNCTION).inputs["code"]
    rows = json.loads(archive.assets["rows.json"].text)
    kept = {secret.inputs["name"] for secret in made.of_type(SECRET)}
    assert rows.keys() == kept | {"morefocus-prod-sae1-database-master"}
    schedules = {rotation.name.removesuffix("-rotation") for rotation in made.of_type(ROTATION)}
    assert schedules == {name.removeprefix("morefocus-prod-sae1-") for name, row in rows.items() if row["rotates"]}


def test_the_package_is_the_whole_of_the_function() -> None:
    archive = graph("us-east-1").one(FUNCTION).inputs["code"]
    folder = ROOT / "services" / "secret_rotation"
    files = {"services/__init__.py", *(str(path.relative_to(ROOT)) for path in folder.glob("*.py"))}
    assert set(archive.assets) == files | {"rows.json"}
    assert all(asset.text == Path(ROOT / path).read_text(encoding="utf-8") for path, asset in archive.assets.items() if path != "rows.json")


def test_values_are_read_by_the_function_and_by_roles_named_as_readers() -> None:
    (secret,) = (each for each in graph("us-east-1").of_type(SECRET) if each.name == "stripe")
    (reading,) = (each for each in json.loads(secret.inputs["policy"])["Statement"] if each["Sid"] == "ReadersOnly")
    assert reading["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [
        "arn:aws:iam::123456789012:role/morefocus-prod-use1-secret-rotation",
        f"arn:aws:iam::123456789012:role/morefocus-prod-*{READER}",
    ]
