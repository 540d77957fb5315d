"""A report as JUnit's XML: a suite for each control, a case for each resource that it judged.

Elements and attributes are those that Jenkins' schema and GitLab's reports know. Source:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd,
https://docs.gitlab.com/ci/testing/unit_test_reports/
"""

from xml.etree import ElementTree

from policies.evidence.report import ControlRow, Report
from policies.evidence.verdicts import Effective
from policies.verdict import Finding, Verdict

_SKIPPED = (Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.NOT_APPLICABLE)


def render(report: Report) -> str:
    """Return the document: violations are failures; what is undecided, excepted or not applicable is skipped, with its message."""
    suites = ElementTree.Element("testsuites", name=f"{report.framework} of {report.stack}")
    for row in report.controls:
        suites.append(_suite(row, report))
    suites.append(_exceptions(report))
    for count in ("tests", "failures", "errors"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _suite(row: ControlRow, report: Report) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=f"{row.control.id}: {row.control.title}")
    properties = ElementTree.SubElement(suite, "properties")
    told = {"commit": report.origin.commit, "level": row.effective.value, "severity": row.control.severity.value}
    for name, value in told.items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for finding in row.findings:
        suite.append(_case(row, finding, report.ordinals[finding]))
    if not row.findings:
        case = ElementTree.SubElement(suite, "testcase", classname=row.control.id, name="the stack")
        ElementTree.SubElement(case, "skipped", message="the control was disabled in this run")
    return _counted(suite)


def _case(row: ControlRow, finding: Finding, ordinal: int) -> ElementTree.Element:
    # Readers take cases of one name for one case.
    name = f"{finding.urn or 'the stack'}{f' ({ordinal + 1})' if ordinal else ''}"
    case = ElementTree.Element("testcase", classname=row.control.id, name=name)
    if finding.verdict is Verdict.VIOLATION:
        kind = "violation" if row.effective is Effective.MANDATORY else "advice"
        failure = ElementTree.SubElement(case, "failure", type=kind, message=finding.message)
        failure.text = f"{row.control.why} To do: {row.control.fix}"
    elif finding.verdict in _SKIPPED:
        ElementTree.SubElement(case, "skipped", message=f"{finding.verdict}: {finding.message}")
    return case


def _exceptions(report: Report) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name="exceptions")
    for fault in report.faults:
        case = ElementTree.SubElement(suite, "testcase", classname="exceptions", name=f"row {fault.row}: {fault.text}")
        ElementTree.SubElement(case, "failure", type="exception", message=str(fault))
    if not report.faults:
        ElementTree.SubElement(suite, "testcase", classname="exceptions", name="every row is sound and in force")
    return _counted(suite)


def _counted(suite: ElementTree.Element) -> ElementTree.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return suite
