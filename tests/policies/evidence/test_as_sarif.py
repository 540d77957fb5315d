"""SARIF is valid, its rules lead to the clauses, and it says of each result what the verdicts say."""

import json
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator  # type: ignore[import-untyped]

from policies.catalogue import HOUSE, PACKS
from policies.evidence.as_sarif import log, render
from policies.verdict import Verdict
from tests.kit.evidence import SARIF, SMALL, official_schema, small_report


def run(framework: str) -> dict[str, Any]:
    found: dict[str, Any] = log(small_report(framework))["runs"][0]
    return found


@pytest.mark.parametrize("framework", PACKS)
def test_the_log_is_valid(framework: str) -> None:
    found = json.loads(render(small_report(framework)))
    assert not [error.message for error in Draft202012Validator(SARIF).iter_errors(found)]


def test_the_log_is_valid_by_the_schema_of_oasis() -> None:
    path = official_schema()
    if path is None:
        pytest.skip("NOT CHECKED: name the file of OASIS's schema in SARIF_SCHEMA")
    validator = Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
    for framework in PACKS:
        assert not [error.message for error in validator.iter_errors(json.loads(render(small_report(framework))))]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(version="2.0.0"),
        lambda found: found["runs"][0]["results"][0].update(kind="violation"),
        lambda found: found["runs"][0]["results"][0].pop("message"),
        lambda found: found["runs"][0]["results"][0].update(urn="a"),
        lambda found: found["runs"][0]["tool"]["driver"]["rules"].append(found["runs"][0]["tool"]["driver"]["rules"][0]),
        lambda found: found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
    ],
)
def test_what_is_not_of_the_standard_is_refused(change: Any) -> None:
    found = json.loads(render(small_report("gdpr")))
    change(found)
    assert list(Draft202012Validator(SARIF).iter_errors(found))


@pytest.mark.parametrize("framework", PACKS)
def test_results_name_their_rule_and_rules_the_clauses_of_the_taxonomy(framework: str) -> None:
    found = run(framework)
    rules = found["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in found["results"])
    if framework == HOUSE:
        assert "taxonomies" not in found and not any("relationships" in rule for rule in rules)
        return
    (taxonomy,) = found["taxonomies"]
    taxa = {taxon["id"] for taxon in taxonomy["taxa"]}
    assert len(taxa) == len(taxonomy["taxa"]) == len(small_report(framework).clauses)
    assert all(rule["relationships"] for rule in rules)
    for relation in (relation for rule in rules for relation in rule["relationships"]):
        assert relation["target"]["id"] in taxa and relation["target"]["toolComponent"]["name"] == taxonomy["name"]


def test_results_are_violations_excepted_ones_suppressed_and_open_decisions() -> None:
    report = small_report("gdpr")
    found = run("gdpr")
    results = {(each["ruleId"], each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]): each for each in found["results"]}
    kinds = {Verdict.VIOLATION: "fail", Verdict.EXCEPTED: "fail", Verdict.UNDECIDED: "open"}
    assert {key: each["kind"] for key, each in results.items()} == {
        (each.control, each.urn): kinds[each.verdict] for each in report.findings if each.verdict in kinds
    }
    assert results["NET-01", SMALL[0].urn]["level"] == "error" and results["ENC-01", SMALL[0].urn]["level"] == "note"
    assert results["NET-07", SMALL[2].urn]["level"] == "none", "whatever does not fail has no level"
    (suppressed,) = [each for each in found["results"] if "suppressions" in each]
    assert suppressed is results["NET-07", SMALL[3].urn]
    assert "Until 2026-06-30; platform owns it, security approved it" in suppressed["suppressions"][0]["justification"]
    assert len({each["partialFingerprints"]["controlAndResource/v1"] for each in found["results"]}) == len(found["results"])


def test_a_disabled_rule_is_told_as_such_and_the_run_says_what_it_is_made_of() -> None:
    found = run("gdpr")
    off = [rule["id"] for rule in found["tool"]["driver"]["rules"] if not rule["defaultConfiguration"]["enabled"]]
    assert off == ["ENC-06"] and found["properties"]["levels"]["ENC-06"] == "disabled"
    assert found["properties"]["commit"] and found["properties"]["packSha256"] and found["properties"]["asOf"] == "2026-06-15"
