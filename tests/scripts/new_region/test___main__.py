"""A fourth region is added to a copy of the estate by one command and what it leaves to decide (REG-4)."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from config.errors import ConfigError
from config.load import ROOT, load
from config.vocabulary import Environment
from policies.limits import limits
from scripts.new_region.__main__ import application
from tests.kit.composed import composed

NAME = "ap-southeast-2"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The configuration of the estate, copied with its comments."""
    for file in ROOT.glob("Pulumi.*.yaml"):
        shutil.copy(file, tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path


def run(estate: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application, [*arguments, "--project", str(estate)])
    return result.exit_code, result.output


def files(estate: Path) -> dict[str, str]:
    return {str(path.relative_to(estate)): path.read_text() for path in sorted(estate.rglob("*")) if path.is_file()}


def decide(estate: Path) -> None:
    """What a person does after the command: the register's rows, and room for the nodes."""
    register = estate / "config" / "transfers.yaml"
    register.write_text(register.read_text().replace("  # - {data: operational", "  - {data: operational"))
    shared = estate / "config" / "estate.yaml"
    shared.write_text(shared.read_text().replace("  max: 50", "  max: 60"))


def test_the_region_composes_once_its_rows_and_room_are_decided(estate: Path) -> None:
    code, told = run(estate, NAME, "--law", "none")
    assert code == 0, told
    assert f"make up STACK={NAME}" in told
    decide(estate)
    settings = load(NAME, root=estate)
    assert (settings.plan.region, str(settings.plan.network.cidr), settings.plan.network.asn) == (NAME, "10.4.0.0/16", 64516)
    assert settings.estate.earlier_peers(NAME) == ["us-east-1", "eu-west-1", "sa-east-1"]
    graph = composed(settings)
    assert graph.one("aws:eks/cluster:Cluster").inputs["name"] == "morefocus-prod-apse2-cluster"
    for stack in ("us-east-1", "eu-west-1", "sa-east-1"):
        assert load(stack, root=estate).plan.region == stack


def test_a_pool_is_not_larger_than_policies_allow_however_much_room_there_is(estate: Path) -> None:
    for stack in ("us-east-1", "eu-west-1", "sa-east-1"):
        file = estate / f"Pulumi.{stack}.yaml"
        file.write_text(re.sub(r"(standard: .*max:) \d+", r"\1 4", file.read_text()))
    code, told = run(estate, NAME, "--law", "none")
    assert code == 0, told
    most = limits().environments[Environment.PRODUCTION].nodes.most_nodes
    assert f"standard: {{instance_type: t3.large, min: 1, desired: 1, max: {most}}}" in (estate / f"Pulumi.{NAME}.yaml").read_text()


def test_what_is_left_to_decide_is_told_and_refused_until_it_is_decided(estate: Path) -> None:
    code, told = run(estate, NAME, "--copies", "us-west-2")
    assert code == 0, told
    for said in ("morefocus:law", "instances.max at least", "data: personal, from: ap-southeast-2, to: us-west-2"):
        assert said in told
    with pytest.raises(ConfigError, match="morefocus:law"):
        load(NAME, root=estate)
    register = (estate / "config" / "transfers.yaml").read_text()
    assert yaml.safe_load(register) == yaml.safe_load((ROOT / "config" / "transfers.yaml").read_text())
    assert "# - {data: credentials, from: ap-southeast-2, to: us-west-2" in register


def test_rows_that_are_still_comments_are_missing_rows(estate: Path) -> None:
    run(estate, NAME, "--law", "none")
    with pytest.raises(ConfigError, match="from: ap-southeast-2, to: us-east-1"):
        load(NAME, root=estate)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ap-southest-2"], "did you mean ap-southeast-2"),
        (["cn-north-1"], "AWS has no region 'cn-north-1'"),
        (["eu-west-1"], "Pulumi.eu-west-1.yaml is there already"),
        ([NAME, "--law", "ccpa"], "the laws are none, gdpr, lgpd"),
        ([NAME, "--copies", "mars-1"], "no region 'mars-1'"),
        ([NAME, "--copies", NAME], "itself"),
    ],
)
def test_a_mistake_is_one_error_and_writes_nothing(estate: Path, arguments: list[str], said: str) -> None:
    before = files(estate)
    code, told = run(estate, *arguments)
    assert code == 1
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert files(estate) == before


def test_an_estate_that_is_wrong_already_is_not_added_to(estate: Path) -> None:
    run(estate, NAME)
    before = files(estate)
    code, told = run(estate, "ca-central-1")
    assert code == 1
    assert "nothing was written" in told
    assert files(estate) == before
