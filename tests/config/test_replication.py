"""Standbys and replicated backups are among the copies that the register allows, and where there is a network for them."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from config.replication import CONFIRMED_BACKUP_PAIRS, backup_notice
from config.vocabulary import Region
from tests.kit.plans import shipped, stack, write


def mistakes(tmp_path: Path, name: str, **database: Any) -> str:
    documents = shipped()
    stack(documents, name)["morefocus:database"] |= database
    with pytest.raises(ConfigError) as error:
        load(name, root=write(documents, tmp_path))
    return str(error.value)


def test_shipped_standbys_stand_where_the_decisions_say() -> None:
    assert {name: load(name).plan.database.standby_region for name in ("us-east-1", "eu-west-1", "sa-east-1", "staging")} == {
        "us-east-1": "eu-west-1",
        "eu-west-1": "sa-east-1",
        "sa-east-1": "eu-west-1",
        "staging": None,
    }


@pytest.mark.parametrize("key", ["standby_region", "backups_region"])
def test_a_region_without_a_row_is_refused_with_what_to_do(tmp_path: Path, key: str) -> None:
    told = mistakes(tmp_path, "eu-west-1", **{key: "us-east-1"})
    assert f"Pulumi.eu-west-1.yaml: morefocus:database.{key}" in told
    assert "add us-east-1 to morefocus:copies with its row in the transfer register" in told


def test_a_standby_where_no_stack_is_has_no_network_to_stand_in(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "eu-west-1", standby_region="eu-central-1")
    assert "a region with a production stack (sa-east-1, us-east-1)" in told


def test_a_row_makes_the_copy_to_the_hub_that_was_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:copies"] = ["eu-central-1", "us-east-1"]
    stack(documents, "eu-west-1")["morefocus:database"]["standby_region"] = "us-east-1"
    root = write(documents, tmp_path)
    with pytest.raises(ConfigError, match=r"- \{data: personal, from: eu-west-1, to: us-east-1, mechanism: "):
        load("eu-west-1", root=root)
    row = {"data": "personal", "from": "eu-west-1", "to": "us-east-1", "mechanism": "scc", "document": "SCC-2026-7"}
    documents["config/transfers.yaml"]["transfers"].append(row)
    assert load("eu-west-1", root=write(documents, tmp_path)).plan.database.standby_region == "us-east-1"


def test_a_stack_makes_the_standby_of_one_earlier_region(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:copies"] = ["us-west-2", "sa-east-1"]
    stack(documents, "us-east-1")["morefocus:database"]["standby_region"] = "sa-east-1"
    row = {"data": "personal", "from": "us-east-1", "to": "sa-east-1", "mechanism": "unrestricted"}
    documents["config/transfers.yaml"]["transfers"].append(row)
    with pytest.raises(ConfigError, match="whose stack makes the standby of us-east-1 already"):
        load("us-east-1", root=write(documents, tmp_path))


def test_a_standby_in_another_account_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["aws:allowedAccountIds"] = ["210987654321"]
    with pytest.raises(ConfigError, match="RDS makes no replica in another account"):
        load("eu-west-1", root=write(documents, tmp_path))


def test_a_preview_says_where_it_is_not_known_whether_rds_replicates_backups() -> None:
    plans = {name: load(name).plan for name in ("us-east-1", "eu-west-1", "sa-east-1", "staging")}
    told = {name: notice.text if (notice := backup_notice(name, plan)) else None for name, plan in plans.items()}
    assert (Region.US_EAST_1, Region.US_WEST_2) in CONFIRMED_BACKUP_PAIRS
    assert told["us-east-1"] is None and told["staging"] is None
    assert "aws rds describe-source-regions --region eu-central-1" in str(told["eu-west-1"])
    assert "copies of AWS Backup" in str(told["sa-east-1"])
