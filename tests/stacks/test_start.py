"""What ends a run before any component is known, and that the whole program runs from the engine's config."""

import logging
from datetime import date
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.load import load
from stacks import start
from stacks.start import main
from tests.config.test_load import as_engine
from tests.kit.composed import answers, outputs_of_aws
from tests.kit.plans import shipped, stack
from tests.kit.recorder import failure, record

ESTATE = shipped()["config/estate.yaml"]
MOST_COMMITTED = max(year["reserved"] + year["savings_plans"] for year in ESTATE["cost"]["purchases"]["years"])
"""The share of hours that is bought ahead in one year: Spot can have no more than the rest."""
LOCKED_FOR = ESTATE["defaults"]["backup"]["lock"]["min_days"]
"""Days; no backup lives shorter."""
few = settings(deadline=None, max_examples=8)
JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2)


def run_main(config: dict[str, str], name: str = "us-east-1", *, preview: bool = False) -> tuple[Exception, int]:
    """Run the program as the engine does; return what it raised and how many resources it had registered."""
    error, graph = failure(main, stack=name, config=config, computed=outputs_of_aws, calls=answers(), preview=preview)
    return error, len(graph.resources)


def test_the_program_reads_the_config_the_engine_hands_over() -> None:
    config = as_engine(stack(shipped(), "staging") | {"morefocus:owner": "somebody-else"})
    graph = record(main, stack="staging", config=config, computed=outputs_of_aws, calls=answers())
    assert {resource.inputs["tags"]["owner"] for resource in graph.resources if "tags" in resource.inputs} == {"somebody-else"}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("morefocus:newtork", "{}", "rename it to 'network'"),
        ("morefocus:hub", "perhaps", "true in the one stack"),
        ("morefocus:network", '{"cidr": "10.1.0.0/16", "zones": ["us-east-1a", "us-east-1b"], "asn": 64512}', "overlaps no other"),
        ("morefocus:network", '{"cidr": "10.0.0.0/16", "zones": ["us-east-1a", "eu-west-1b"], "asn": 64512}', "zone of us-east-1"),
        ("morefocus:copies", '["ap-south-1"]', "data: personal, from: us-east-1, to: ap-south-1"),
        ("aws:region", "us-east-9", "AWS region"),
        ("aws:allowedAccountIds", "[]", "one account"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_bad_config_is_one_readable_error_and_nothing_is_registered(key: str, value: str, said: str, preview: bool) -> None:
    error, registered = run_main(as_engine(stack(shipped(), "us-east-1")) | {key: value}, preview=preview)
    assert isinstance(error, pulumi.RunError) and registered == 0
    assert said in str(error) and ("Pulumi." in str(error) or "config/" in str(error))


@few
@given(data=st.data(), value=JUNK)
def test_whatever_one_key_holds_the_program_composes_or_registers_nothing(data: st.DataObject, value: Any) -> None:
    documents = shipped()
    config = stack(documents, "eu-west-1")
    key = data.draw(st.sampled_from(sorted(config)))
    if isinstance(config[key], dict):
        config[key][data.draw(st.sampled_from(sorted(config[key])))] = value
    else:
        config[key] = value
    flat = as_engine(config)
    try:
        load("eu-west-1", flat)
    except Exception:
        error, registered = run_main(flat, "eu-west-1")
        assert isinstance(error, pulumi.RunError) and registered == 0
    else:
        assert record(main, stack="eu-west-1", config=flat, computed=outputs_of_aws, calls=answers()).resources


@few
@given(
    prefix=st.integers(16, 20),
    zones=st.integers(2, 4),
    nat=st.sampled_from(["single", "per-zone"]),
    spot=st.floats(0, 1 - MOST_COMMITTED),
    data=st.data(),
)
def test_every_config_that_is_accepted_can_be_composed(prefix: int, zones: int, nat: str, spot: float, data: st.DataObject) -> None:
    config = stack(shipped(), "eu-west-1")
    config["morefocus:network"] |= {"cidr": f"10.1.0.0/{prefix}", "zones": [f"eu-west-1{letter}" for letter in "abcd"[:zones]], "nat": nat}
    config["morefocus:cluster"]["spot_share"] = spot
    least = data.draw(st.integers(20, 1000))
    config["morefocus:database"] |= {
        "replicas": data.draw(st.integers(0, zones)),
        "storage_gb": least,
        "max_storage_gb": -(-least * 11 // 10) + data.draw(st.integers(0, 1000)),
        "multi_az": data.draw(st.booleans()),
        "backup_days": data.draw(st.integers(LOCKED_FOR, 35)),
    }
    config["morefocus:cache"] |= {"shards": data.draw(st.integers(1, 10)), "replicas_per_shard": data.draw(st.integers(1, 5))}
    config["morefocus:protect"] = data.draw(st.booleans())
    graph = record(main, stack="eu-west-1", config=as_engine(config), computed=outputs_of_aws, calls=answers())
    assert len(graph.of_type("aws:ec2/subnet:Subnet")) == 3 * zones


@pytest.mark.parametrize(
    ("part", "key", "value", "said"),
    [
        ("database", "backup_days", LOCKED_FOR - 1, "morefocus:database.backup_days"),
        ("cluster", "spot_share", 1, "config/estate.yaml: cost.purchases.years"),
    ],
)
def test_a_value_that_another_key_rules_out_is_refused_naming_where(part: str, key: str, value: int, said: str) -> None:
    config = stack(shipped(), "eu-west-1")
    config[f"morefocus:{part}"][key] = value
    error, registered = run_main(as_engine(config), "eu-west-1")
    assert isinstance(error, pulumi.RunError) and registered == 0 and said in str(error)


def test_a_version_near_its_end_is_a_warning_and_a_date_not_known_a_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    late = date(2027, 3, 1)
    monkeypatch.setattr(start, "load", lambda *given, **more: load(*given, **more, today=late))
    with caplog.at_level(logging.INFO):
        record(main, stack="staging", config=as_engine(stack(shipped(), "staging")), computed=outputs_of_aws, calls=answers())
    said = {(entry.levelname, entry.message.partition(":")[0]) for entry in caplog.records if "support" in entry.message}
    assert said == {("WARNING", "EKS 1.35"), ("INFO", "Redis 7.1")}


@pytest.mark.parametrize("wanted", [True, False])
def test_the_sdk_tells_its_own_steps_only_where_somebody_looks(wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "debug", lambda message, *_more, **_named: told.append(message))
    monkeypatch.setenv(start.SDK_DEBUG, "yes" if wanted else "")
    run_main(as_engine(stack(shipped(), "us-east-1")) | {"morefocus:hub": "perhaps"})
    pulumi.log.debug("one of its steps")
    assert ("one of its steps" in told) is wanted
