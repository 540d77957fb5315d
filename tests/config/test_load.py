"""Layers merge, the engine's view counts for the selected stack, and every mistake is told with file and key."""

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from config.errors import ConfigError, Problem
from config.load import load
from config.models import RegionPlan
from tests.kit.plans import STACKS, Documents, shipped, stack, with_a_fourth_region, write

TODAY = date(2026, 11, 22)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)
in_a_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def refused(documents: Documents, root: Path, name: str = "us-east-1") -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(name, root=write(documents, root), today=TODAY)
    return caught.value.problems


def as_engine(config: dict[str, Any]) -> dict[str, str]:
    """Return a stack's config as the engine hands it to the program: flat keys, objects as JSON, scalars as text."""

    def text(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return value if isinstance(value, str) else json.dumps(value)

    return {key: text(value) for key, value in config.items()}


def leaves(values: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every value that is not a mapping."""
    return [leaf for key, value in values.items() for leaf in (leaves(value, (*path, key)) if isinstance(value, dict) else [(*path, key)])]


def mappings(values: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every mapping."""
    return [path, *[deeper for key, value in values.items() if isinstance(value, dict) for deeper in mappings(value, (*path, key))]]


def at(values: dict[str, Any], path: tuple[str, ...]) -> Any:
    for key in path:
        values = values[key]
    return values


@pytest.mark.parametrize("name", STACKS)
def test_every_shipped_stack_loads(name: str) -> None:
    assert load(name, today=TODAY).stack == name


@pytest.mark.parametrize("name", STACKS)
def test_the_engines_view_of_a_file_means_the_same_as_the_file(name: str) -> None:
    assert load(name, as_engine(stack(shipped(), name)), today=TODAY).plan == load(name, today=TODAY).plan


def test_the_stacks_file_wins_over_the_shared_facts() -> None:
    assert load("staging", today=TODAY).plan.database.backup_days == 7
    assert load("us-east-1", today=TODAY).plan.database.backup_days == 30


def test_what_a_person_sets_for_the_selected_stack_wins_over_its_file() -> None:
    config = stack(shipped(), "eu-west-1")
    config["morefocus:database"]["replicas"] = 3
    settings_ = load("eu-west-1", as_engine(config), today=TODAY)
    assert settings_.plan.database.replicas == 3
    assert settings_.estate.plans["eu-west-1"].database.replicas == 3


def test_what_a_person_sets_is_compared_with_the_other_stacks_files() -> None:
    config = stack(shipped(), "eu-west-1")
    config["morefocus:network"]["cidr"] = "10.2.0.0/16"
    with pytest.raises(ConfigError, match=r"overlaps no other; eu-west-1 has 10\.2\.0\.0/16"):
        load("eu-west-1", as_engine(config), today=TODAY)


def test_a_new_region_takes_one_file_and_its_rows(tmp_path: Path) -> None:
    plan = load("ap-southeast-2", root=write(with_a_fourth_region(), tmp_path), today=TODAY).plan
    assert plan.region.code == "apse2" and plan.network.nat == "per-zone"


def test_a_stack_without_a_file_is_told_which_stacks_there_are() -> None:
    with pytest.raises(ConfigError, match="eu-west-1, sa-east-1, staging, us-east-1"):
        load("us-west-2", {}, today=TODAY)


def test_a_zone_of_another_region_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:network"]["zones"][1] = "us-east-1b"
    (problem,) = refused(documents, tmp_path)
    assert problem.file == "Pulumi.sa-east-1.yaml"
    assert (problem.key, problem.given) == ("morefocus:network.zones", "us-east-1b")
    assert "'sa-east-1b'" in problem.remedy


def test_there_is_at_most_one_read_replica_a_zone(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:database"]["replicas"] = 4
    (problem,) = refused(documents, tmp_path)
    assert (problem.key, problem.given, problem.allowed) == ("morefocus:database.replicas", "4", "at most 3, one for each zone")


@pytest.mark.parametrize("version", ["1.27", "1.33", "1.34", "1.37", "latest"])
def test_kubernetes_versions_out_of_support_are_refused(version: str, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:cluster"]["version"] = version
    (problem,) = refused(documents, tmp_path)
    assert (problem.key, problem.given, problem.allowed) == ("morefocus:cluster.version", version, "EKS 1.35 or 1.36")


def test_a_mistake_in_the_shared_facts_names_their_file_once_for_all_stacks(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/estate.yaml"]["defaults"]["database"]["version"] = "14.9"
    (problem,) = refused(documents, tmp_path)
    assert (problem.file, problem.key) == ("config/estate.yaml", "defaults.database.version")


@pytest.mark.parametrize("key", ["region", "account_id"])
def test_region_and_account_are_taken_from_the_providers_own_keys(key: str, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")[f"morefocus:{key}"] = "us-east-1"
    (problem,) = refused(documents, tmp_path)
    assert problem.key == f"morefocus:{key}" and problem.remedy.startswith("set aws:")


@pytest.mark.parametrize("accounts", [[], ["1", "2"], "123456789012", [123456789012], ["12345"]])
def test_a_stack_names_exactly_one_account(accounts: Any, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["aws:allowedAccountIds"] = accounts
    found = refused(documents, tmp_path)
    assert {problem.key for problem in found} == {"aws:allowedAccountIds"}


def test_an_estate_fact_in_a_stack_file_is_sent_where_it_belongs(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:domain"] = "example.com"
    assert refused(documents, tmp_path)[0].remedy == "set it in config/estate.yaml"


def test_a_dotted_key_is_answered_with_the_command_that_was_meant(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:network.cidr"] = "10.9.0.0/16"
    assert "pulumi config set --path 'morefocus:network.cidr'" in refused(documents, tmp_path)[0].remedy


def test_mistakes_in_several_files_are_told_at_once(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:newtork"] = {}
    stack(documents, "eu-west-1")["morefocus:cluster"]["spot_share"] = 2
    documents["config/transfers.yaml"]["transfers"][0]["mechanism"] = "handshake"
    documents["config/estate.yaml"]["domian"] = "x.com"
    assert {problem.file for problem in refused(documents, tmp_path)} == {
        "Pulumi.us-east-1.yaml",
        "Pulumi.eu-west-1.yaml",
        "config/transfers.yaml",
        "config/estate.yaml",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [}", "line 1"),
        ("config:\n  aws:region: us-east-1\n  aws:region: eu-west-1\n", "written twice"),
        ("config:\n  ? [aws:region]\n  : us-east-1\n", "not text"),
        ("- a\n- b\n", "a mapping of keys"),
        ("", "a mapping of keys"),
        ("confg: {}\n", "'config'"),
    ],
)
def test_broken_yaml_is_told_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    root = write(shipped(), tmp_path)
    (root / "Pulumi.eu-west-1.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load("us-east-1", root=root, today=TODAY)
    assert said in str(caught.value)
    assert {problem.file for problem in caught.value.problems} == {"Pulumi.eu-west-1.yaml"}


@pytest.mark.parametrize("name", ["config/estate.yaml", "config/transfers.yaml"])
def test_a_missing_shared_file_is_told(name: str, tmp_path: Path) -> None:
    documents = shipped()
    del documents[name]
    assert any(problem.file == name and problem.given == "missing" for problem in refused(documents, tmp_path))


def test_the_keys_the_engine_itself_writes_into_a_stack_file_are_accepted(tmp_path: Path) -> None:
    documents = shipped()
    documents["Pulumi.us-east-1.yaml"] |= {"encryptionsalt": "v1:abc", "secretsprovider": "awskms://alias/x", "encryptedkey": "k"}
    assert load("us-east-1", root=write(documents, tmp_path), today=TODAY).plan.hub


def test_staging_lives_under_a_domain_of_its_own() -> None:
    assert load("us-east-1", today=TODAY).domain == "morefocus.com"
    assert load("staging", today=TODAY).domain == "staging.morefocus.com"


def test_the_value_of_a_secret_is_not_told() -> None:
    config = as_engine(stack(shipped(), "us-east-1")) | {"morefocus:owner": "NOT A NAME"}
    with pytest.raises(ConfigError) as caught:
        load("us-east-1", config, secret_keys=["morefocus:owner"], today=TODAY)
    assert "NOT A NAME" not in str(caught.value) and "[secret]" in str(caught.value)


def test_an_encrypted_value_in_another_stacks_file_is_told_as_such(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:network"]["cidr"] = {"secure": "v1:abc"}
    (problem,) = refused(documents, tmp_path)
    assert (problem.key, problem.given) == ("morefocus:network", "an encrypted value") and "--plaintext" in problem.remedy


@in_a_folder
@given(data=st.data(), name=st.sampled_from(STACKS), key=KEYS, value=JSON)
def test_an_unknown_key_anywhere_is_refused_with_its_full_name(
    tmp_path: Path, data: st.DataObject, name: str, key: str, value: Any
) -> None:
    documents = shipped()
    config = {field.removeprefix("morefocus:"): inner for field, inner in stack(documents, name).items()}
    where = data.draw(st.sampled_from(mappings(config)))
    target = at(config, where)
    assume(key not in target and key not in RegionPlan.model_fields and not known_in(where, key))
    # What is encrypted is told as such, and before anything else.
    assume(not holds_a_secret(value))
    if where:
        target[key] = value
    else:
        stack(documents, name)[f"morefocus:{key}"] = value
    found = refused(documents, tmp_path, name)
    assert [(problem.file, problem.key) for problem in found] == [
        (f"Pulumi.{name}.yaml", ".".join([f"morefocus:{'.'.join((*where, key))}"]))
    ]


@pytest.mark.parametrize("value", [None, {"secure": None}, {"secure": "text", "other": 1}])
def test_a_key_that_is_only_called_secure_is_as_unknown_as_any(value: Any, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:network"]["secure"] = value
    assert [problem.key for problem in refused(documents, tmp_path)] == ["morefocus:network.secure"]


def holds_a_secret(value: Any) -> bool:
    """Whether a value is or holds one that the engine encrypted."""
    match value:
        case {"secure": str(), **rest} if not rest:
            return True
        case dict():
            return any(holds_a_secret(inner) for inner in value.values())
        case list():
            return any(holds_a_secret(inner) for inner in value)
    return False


def model_at(where: tuple[str, ...]) -> Any:
    """Return the model of what stands at `where` in a region's plan."""
    model: Any = RegionPlan
    for part in where:
        annotation = model.model_fields[part].annotation
        model = next((each for each in get_args(annotation) if each is not type(None)), annotation)
    return model


def may_be_null(path: tuple[str, ...]) -> bool:
    """Whether null is a value of the key, and means that there is none."""
    return type(None) in get_args(model_at(path[:-1]).model_fields[path[-1]].annotation)


def known_in(where: tuple[str, ...], key: str) -> bool:
    """Whether a key is one the model at `where` knows."""
    model = model_at(where)
    return key in model.model_fields or (not where and key in {"domain", "instances"})


@in_a_folder
@given(data=st.data(), name=st.sampled_from(STACKS))
def test_a_value_of_a_wrong_type_is_refused_naming_its_key(tmp_path: Path, data: st.DataObject, name: str) -> None:
    documents = shipped()
    config = stack(documents, name)
    path = data.draw(st.sampled_from([leaf for leaf in leaves(config) if leaf[0].startswith("morefocus:")]))
    wrong: list[Any] = [{"some": "mapping"}]
    if not may_be_null((path[0].removeprefix("morefocus:"), *path[1:])):
        wrong.append(None)
    if not isinstance(at(config, path), list):
        wrong.append([["a", "list"]])
    if not isinstance(at(config, path), str):
        wrong.append("some words")
    at(config, path[:-1])[path[-1]] = data.draw(st.sampled_from(wrong))
    found = refused(documents, tmp_path, name)
    assert all(problem.file == f"Pulumi.{name}.yaml" and problem.key.startswith(".".join(path)) for problem in found)
    assert all(problem.given and problem.allowed and problem.remedy for problem in found)


@in_a_folder
@given(data=st.data(), name=st.sampled_from(STACKS))
def test_a_key_that_is_left_out_everywhere_is_asked_for(tmp_path: Path, data: st.DataObject, name: str) -> None:
    documents = shipped()
    config = stack(documents, name)
    defaults = {f"morefocus:{key}": value for key, value in documents["config/estate.yaml"]["defaults"].items()}
    path = data.draw(st.sampled_from([leaf for leaf in leaves(config) if leaf not in leaves(defaults)]))
    del at(config, path[:-1])[path[-1]]
    (problem,) = refused(documents, tmp_path, name)
    assert (problem.file, problem.given) == (f"Pulumi.{name}.yaml", "nothing")
    assert problem.key == ".".join(path)


@in_a_folder
@given(first=st.integers(0, 255), second=st.integers(0, 15), prefix=st.integers(16, 20))
def test_any_network_that_meets_another_stacks_is_refused_and_any_other_is_not(
    tmp_path: Path, first: int, second: int, prefix: int
) -> None:
    third = (second * 16) & (0xFF << (24 - prefix) & 0xFF)
    cidr = f"10.{first}.{third}.0/{prefix}"
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:network"]["cidr"] = cidr
    if first in (0, 1, 3):
        assert {problem.key for problem in refused(documents, tmp_path)} == {"morefocus:network.cidr"}
    else:
        assert str(load("sa-east-1", root=write(documents, tmp_path), today=TODAY).plan.network.cidr) == cidr


@in_a_folder
@given(key=st.sampled_from(sorted(stack(shipped(), "us-east-1"))), value=JSON)
def test_whatever_a_file_holds_it_loads_or_is_refused_in_words(tmp_path: Path, key: str, value: Any) -> None:
    documents = shipped()
    stack(documents, "us-east-1")[key] = value
    root = write(documents, tmp_path)
    try:
        load("us-east-1", root=root, today=TODAY)
    except ConfigError as error:
        assert all(str(problem).count("\n") >= 3 for problem in error.problems)


@in_a_folder
@given(key=st.sampled_from(sorted(stack(shipped(), "us-east-1"))), value=st.text(max_size=30))
def test_whatever_the_engine_hands_over_it_loads_or_is_refused_in_words(key: str, value: str) -> None:
    config = as_engine(stack(shipped(), "us-east-1"))
    config[key] = value
    try:
        load("us-east-1", config, today=TODAY)
    except ConfigError as error:
        assert error.problems
