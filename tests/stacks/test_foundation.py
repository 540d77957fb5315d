"""Keys, the log bucket, and what exists once in an account or region."""

import json
from typing import Any

import pytest

from config.load import load
from stacks.copies import destinations
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_has_one_key_for_each_class_of_data_but_public_and_one_for_vault(name: str) -> None:
    settings = load(name)
    keys = [(key.inputs["tags"]["region"], key.inputs["tags"]["data-class"]) for key in shipped_graph(name).of_type("aws:kms/key:Key")]
    here = settings.plan.region.value
    own = [(here, data_class) for data_class in ("credentials", "logs", "operational", "personal")]
    # Where copies are, one for each class that is copied there.
    of_copies = [(region.value, data_class.value) for region, classes in destinations(settings).items() for data_class in classes]
    # What opens Vault opens nothing else.
    vault = [(here, "credentials")] if settings.plan.platform.vault.enabled else []
    assert sorted(keys) == sorted([*own, *of_copies, *vault])


def test_settings_of_an_account_are_made_by_the_hub_alone() -> None:
    owners = [name for name in STACKS if shipped_graph(name).of_type("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock")]
    assert owners == ["us-east-1"]


def test_settings_of_a_region_are_not_made_again_by_staging() -> None:
    owners = [name for name in STACKS if shipped_graph(name).of_type("aws:ebs/encryptionByDefault:EncryptionByDefault")]
    assert owners == ["eu-west-1", "sa-east-1", "us-east-1"]


def statements(name: str) -> list[dict[str, Any]]:
    policy = shipped_graph(name).named("logs-policy").inputs["policy"]
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


@pytest.mark.parametrize(("name", "writers"), [("us-east-1", 5), ("eu-west-1", 4), ("staging", 2)])
def test_only_services_that_log_here_may_write_to_the_log_bucket(name: str, writers: int) -> None:
    allowed = [each for each in statements(name) if each["Effect"] == "Allow"]
    assert len(allowed) == writers and all(set(each["Principal"]) == {"Service"} for each in allowed)


def test_staging_can_be_deleted_and_production_cannot() -> None:
    assert not [resource.urn for resource in shipped_graph("staging").resources if resource.protect]
    protected = {resource.type for resource in shipped_graph("eu-west-1").resources if resource.protect}
    assert {"aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:rds/instance:Instance", "aws:efs/fileSystem:FileSystem"} <= protected
