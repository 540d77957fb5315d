"""Imports point down: main, stacks, products, bricks, base; the sandbox knows nothing of the program."""

from pathlib import Path

import pytest

from tests.kit.source import imports, modules

ROOMS = ("config", "components", "services", "stacks", "policies", "sandbox", "scripts", "tests", "__main__")


def allowed(module: Path) -> tuple[str, ...]:
    """Return the dotted beginnings of ours that a file may import."""
    match module.parts:
        case ("config", "vocabulary.py"):
            return ()
        case ("config", *_):
            return ("config",)
        case ("components", "_base", *_):
            return ("components._base", "config.vocabulary")
        case ("components", "products", *_):
            return ("components", "config.vocabulary")
        case ("components", brick, *_):
            return ("components._base", f"components.{brick}", "config.vocabulary")
        case ("services", function, *_):
            # Runs in the cloud with nothing of ours but itself.
            return (f"services.{function}",)
        case ("stacks", *_):
            return ("stacks", "components", "config")
        case ("policies", "controls", "cost", *_):
            # A stack is held to the estimate that people are shown: a second one would be of another mind (ADR 31).
            return ("policies", "config.vocabulary", "scripts.cost")
        case ("policies", *_):
            return ("policies", "config.vocabulary", "config.models", "config.transfers", "config.integrations")
        case ("sandbox", *_):
            return ("sandbox",)
        case ("__main__.py",):
            return ("stacks",)
    return ROOMS


def is_within(name: str, beginnings: tuple[str, ...]) -> bool:
    return any(name == beginning or name.startswith(f"{beginning}.") for beginning in beginnings)


@pytest.mark.parametrize("module", [*modules(), Path("__main__.py")], ids=str)
def test_a_file_imports_only_what_lies_below_it(module: Path) -> None:
    wrong = [
        f"line {line}: {name}" for line, name in imports(module) if name.partition(".")[0] in ROOMS and not is_within(name, allowed(module))
    ]
    assert not wrong, f"{module} may import {', '.join(allowed(module)) or 'nothing of ours'}, and imports {wrong}"


@pytest.mark.parametrize("module", modules("config"), ids=str)
def test_facts_know_neither_pulumi_nor_aws(module: Path) -> None:
    assert not [name for _, name in imports(module) if name.partition(".")[0] in {"pulumi", "pulumi_aws", "boto3", "botocore"}]


@pytest.mark.parametrize("module", modules("components", "stacks"), ids=str)
def test_resources_are_imported_from_leaf_modules(module: Path) -> None:
    wrong = [name for _, name in imports(module) if name == "pulumi_aws" or (name.startswith("pulumi_aws.") and name.count(".") < 3)]
    assert not wrong, f"import the module that holds the class, such as pulumi_aws.ec2.vpc: {wrong}"


@pytest.mark.parametrize("module", modules("components", "stacks", "config"), ids=str)
def test_the_program_makes_no_calls_of_its_own_to_a_cloud_or_the_network(module: Path) -> None:
    banned = {"boto3", "botocore", "requests", "urllib", "http", "socket", "subprocess"}
    assert not [name for _, name in imports(module) if name.partition(".")[0] in banned]
