"""The files of GitLab's widgets say the same as the note, in the formats that GitLab reads."""

import json
from xml.etree import ElementTree

from policies.catalogue import catalogue
from policies.control import Severity
from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts
from scripts.review.reading import parse
from scripts.review.widgets import code_quality, junit, terraform
from tests.scripts.review import samples
from tests.scripts.review.samples import DATABASE, QUEUE, create, delete, previewed, replace, reviewed, same, stream, update, urn


def finding(control: str, name: str, verdict: Verdict = Verdict.VIOLATION) -> Finding:
    return Finding(control=control, urn=urn(QUEUE, name), verdict=verdict, message=f"open: \x00 {name}")


def of_severity(severity: Severity) -> str:
    return next(control.id for control in catalogue().values() if control.severity is severity)


def test_the_widget_of_plans_counts_a_replacement_as_one_that_goes_and_one_that_comes() -> None:
    steps = (create(QUEUE, "a"), create(QUEUE, "b"), update(QUEUE, "c", {"x": 1}, {"x": 2}, "x"), delete(QUEUE, "d"), same(QUEUE, "e"))
    found = reviewed(previewed(*steps, replace(DATABASE, "f", {"x": 1}, {"x": 2}, "x")))
    assert json.loads(terraform(found.stacks[0])) == {"create": 3, "update": 1, "delete": 2}


def test_code_quality_has_what_gitlab_asks_of_each_finding_and_a_fingerprint_that_lasts() -> None:
    critical, high = of_severity(Severity.CRITICAL), of_severity(Severity.HIGH)
    findings = (finding(critical, "a"), finding(critical, "b"), finding(high, "a"), finding(critical, "right", Verdict.PASS))
    found = reviewed(previewed(), verdicts={"us-east-1": Verdicts(findings=findings, before=findings[:1], advisory=frozenset({high}))})
    rows = json.loads(code_quality(found))
    assert [(row["check_name"], row["severity"]) for row in rows] == [(critical, "blocker"), (high, "info"), (critical, "blocker")]
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["location"] == {"path": "Pulumi.us-east-1.yaml", "lines": {"begin": 1}}
    assert len({row["fingerprint"] for row in rows}) == 3
    # The target branch's report has the same fingerprint, whatever the message says there.
    again = reviewed(
        previewed(),
        verdicts={"us-east-1": Verdicts(findings=(Finding(control=critical, urn=urn(QUEUE, "b"), verdict=Verdict.VIOLATION),), before=())},
    )
    assert json.loads(code_quality(again))[0]["fingerprint"] == rows[0]["fingerprint"]


def test_junit_fails_for_mandatory_violations_and_failed_previews_alone() -> None:
    ids = list(catalogue())[:5]
    findings = (
        finding(ids[0], "a"),
        finding(ids[0], "b", Verdict.PASS),
        finding(ids[1], "a"),
        finding(ids[2], "a", Verdict.UNDECIDED),
        finding(ids[3], "a", Verdict.PASS),
        finding(ids[4], "", Verdict.NOT_APPLICABLE),
    )
    found = reviewed(
        previewed(),
        parse(stream([samples.error("no such \x1b[31mzone")], result="failed"), "eu-west-1"),
        verdicts={"us-east-1": Verdicts(findings=findings, before=(), advisory=frozenset({ids[1]}))},
    )
    one, other = ElementTree.fromstring(junit(found))
    said = {case.get("name", "").split()[0]: [child.tag for child in case] for case in one}
    assert said == {"preview": [], ids[0]: ["failure"], ids[1]: ["skipped"], ids[2]: ["skipped"], ids[3]: [], ids[4]: ["skipped"]}
    assert (one.get("tests"), one.get("failures"), one.get("skipped")) == ("6", "1", "3")
    assert [[child.tag for child in case] for case in other] == [["failure"]] and "zone" in (other[0][0].get("message") or "")
