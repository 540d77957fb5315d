"""JUnit's XML has the elements and attributes that its readers know, and a case for each finding."""

from xml.etree import ElementTree

import pytest

from policies.catalogue import PACKS
from policies.evidence.as_junit import render
from policies.evidence.report import report
from policies.verdict import Verdict
from tests.kit.evidence import EXCEPTION, ORIGIN, SMALL, small_report, verdicts_of
from tests.kit.policies import lone

ATTRIBUTES = {
    "testsuites": ({"name"}, {"tests", "failures", "errors", "time", "disabled"}),
    "testsuite": ({"name"}, {"tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "disabled"}),
    "properties": (set(), set()),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name"}, {"classname", "time", "assertions", "status"}),
    "failure": (set(), {"type", "message"}),
    "skipped": (set(), {"type", "message"}),
}
"""Required and allowed ones, as in Jenkins' junit-10.xsd."""
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase"],
    "properties": ["property"],
    "testcase": ["skipped", "failure"],
}


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.partition("\n")[2])


@pytest.mark.parametrize("framework", PACKS)
def test_the_document_has_the_shape_that_readers_know(framework: str) -> None:
    root = parsed(render(small_report(framework)))
    assert root.tag == "testsuites"
    for element in root.iter():
        required, allowed = ATTRIBUTES[element.tag]
        assert required <= set(element.attrib) <= required | allowed, element.tag
        order = [CHILDREN.get(element.tag, []).index(child.tag) for child in element]
        assert order == sorted(order) and all(ord(letter) >= 32 for value in element.attrib.values() for letter in value)
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) > 0
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
    assert int(root.attrib["failures"]) == len(root.findall("testsuite/testcase/failure"))
    assert int(root.attrib["tests"]) == len(root.findall("testsuite/testcase"))


def test_violations_fail_and_what_is_open_excepted_or_not_there_is_skipped() -> None:
    found = small_report("gdpr")
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in parsed(render(found)).iter("testcase")}
    assert len(cases) == len(found.findings) + 2, "one disabled control, and the exceptions"
    for finding in found.findings:
        case = cases[finding.control, finding.urn or "the stack"]
        expected = {Verdict.VIOLATION: "failure", Verdict.PASS: None}.get(finding.verdict, "skipped")
        assert [child.tag for child in case] == ([expected] if expected else []), finding
    failure = cases["NET-01", SMALL[0].urn].find("failure")
    assert failure is not None and failure.attrib["type"] == "violation" and "To do: " in str(failure.text)
    advice = cases["ENC-01", SMALL[0].urn].find("failure")
    assert advice is not None and advice.attrib["type"] == "advice"
    excepted = cases["NET-07", SMALL[3].urn].find("skipped")
    assert excepted is not None and "excepted until 2026-06-30" in excepted.attrib["message"]
    disabled = cases["ENC-06", "the stack"].find("skipped")
    assert disabled is not None and "disabled" in disabled.attrib["message"]


def test_a_row_of_exceptions_with_a_fault_is_a_failure() -> None:
    verdicts = verdicts_of(lone(*SMALL), rows=[EXCEPTION | {"expires": "2026-06-10"}])
    suite = parsed(render(report("gdpr", verdicts, ORIGIN)))[-1]
    assert (suite.attrib["name"], suite.attrib["failures"]) == ("exceptions", "1")
    assert "expired on 2026-06-10" in suite[0].attrib["name"]
