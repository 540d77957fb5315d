"""The files that GitLab shows in a merge request by itself: counts of changes, code quality and tests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from policies.control import Severity
from policies.verdict import Finding, Verdict
from scripts.review.judging import control_of, severity
from scripts.review.preview import Action
from scripts.review.report import Review, StackReview

_GRADES = {Severity.CRITICAL: "blocker", Severity.HIGH: "critical", Severity.MEDIUM: "major", Severity.LOW: "minor"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def terraform(stack: StackReview) -> str:
    """Return a stack's counts for the widget of plans: a replacement is one creation and one deletion.

    Source: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform (the three numbers are what its template writes)
    """
    counts = stack.preview.counts
    replaced = counts[Action.REPLACE]
    return _json(
        {"create": counts[Action.CREATE] + replaced, "update": counts[Action.UPDATE], "delete": counts[Action.DELETE] + replaced},
    )


def code_quality(review: Review) -> str:
    """Return violations for the widget of code quality.

    GitLab shows what the target branch's report does not have, and tells by the fingerprint: control, resource and nothing else.
    Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    """
    return _json(
        [
            {
                "description": f"{finding.control} {finding.resource} ({stack.stack}): {finding.message}",
                "check_name": finding.control,
                "fingerprint": hashlib.sha256(f"{finding.control} {finding.urn} {stack.stack}".encode()).hexdigest(),
                "severity": _GRADES[severity(finding)] if stack.verdicts.stops(finding) else "info",
                # A finding is of a resource, not of a line; the stack's file is where the stack begins.
                "location": {"path": f"Pulumi.{stack.stack}.yaml", "lines": {"begin": 1}},
            }
            for stack in review.stacks
            if stack.verdicts
            for finding in stack.verdicts.violations
        ]
    )


def junit(review: Review) -> str:
    """Return each stack's preview and controls as tests: a mandatory violation fails, what is open or excepted is skipped.

    Source: https://docs.gitlab.com/ci/testing/unit_test_reports/
    """
    root = ElementTree.Element("testsuites", name="infrastructure")
    for stack in review.stacks:
        suite = ElementTree.SubElement(root, "testsuite", name=stack.stack)
        _case(suite, "preview", stack.stack, [*stack.preview.problems, *stack.refusals], [])
        by_control: dict[str, list[Finding]] = {}
        for finding in stack.verdicts.findings if stack.verdicts else ():
            by_control.setdefault(finding.control, []).append(finding)
        for name, findings in sorted(by_control.items()):
            control = control_of(findings[0])
            failures = [
                _said(each) for each in findings if each.verdict is Verdict.VIOLATION and stack.verdicts and stack.verdicts.stops(each)
            ]
            shown = [each for each in findings if each.verdict in (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED)]
            if all(each.verdict is Verdict.NOT_APPLICABLE for each in findings):
                shown = findings
            _case(suite, f"{name} {control.title if control else ''}".strip(), stack.stack, failures, list(map(_said, shown)))
        cases = list(suite)
        suite.set("tests", str(len(cases)))
        suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
        suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _case(suite: ElementTree.Element, name: str, stack: str, failures: Sequence[str], skipped: Sequence[str]) -> None:
    case = ElementTree.SubElement(suite, "testcase", name=_clean(name), classname=f"infrastructure.{_clean(stack)}")
    if failures:
        ElementTree.SubElement(case, "failure", message=_clean(failures[0])).text = _clean("\n".join(failures))
    elif skipped:
        ElementTree.SubElement(case, "skipped", message=_clean("; ".join(skipped[:5])))


def _said(finding: Finding) -> str:
    return f"{finding.verdict.value}: {finding.resource}: {finding.message}"


def _clean(text: str) -> str:
    # XML has no way to write most control characters.
    return _NO_XML.sub("\ufffd", text)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
