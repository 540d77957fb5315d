"""Evidence of a small stack in which controls of the catalogue pass, are violated, excepted, open and disabled; and of SARIF, its shape."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from config.load import ROOT
from policies.catalogue import catalogue
from policies.evidence.report import Origin, Report, report
from policies.evidence.verdicts import Effective, Layer, Verdicts
from policies.exceptions import parse
from policies.gate import Judgement
from policies.graph import Graph, Resource
from policies.values import UNKNOWN
from tests.kit.policies import lone, resource

DAY = date(2026, 6, 15)
STACK = "eu-west-1"
DATABASE, SUBNET, TABLE = "aws:rds/instance:Instance", "aws:ec2/subnet:Subnet", "aws:dynamodb/table:Table"
ORIGIN = Origin(commit="0123456789" * 4, committed="2026-06-15T10:00:00+00:00", changed=False, pack_version="1.0.0")
SMALL = (
    resource(DATABASE, "wrong", publiclyAccessible=True, engine="postgres", password="hunter2-secret"),
    resource(DATABASE, "right", publiclyAccessible=False, engine="hunter2-engine"),
    resource(SUBNET, "open", mapPublicIpOnLaunch=UNKNOWN),
    resource(SUBNET, "late", mapPublicIpOnLaunch=True),
    resource(TABLE, "table", hashKey="hunter2-key"),
)
EXCEPTION = {
    "control": "NET-07",
    "urn": SMALL[3].urn,
    "reason": "the vendor's appliance needs it until its next release",
    "owner": "platform",
    "approver": "security",
    "link": "https://example.org/tickets/7",
    "created": "2026-06-01",
    "expires": "2026-06-30",
    "compensating": "its security group lets nobody in",
}
DISABLED = {"ENC-06": Effective.DISABLED, "ENC-01": Effective.ADVISORY}


def verdicts_of(
    graph: Graph, *, rows: Iterable[Mapping[str, Any]] = (EXCEPTION,), effective: Mapping[str, Effective] | None = None
) -> Verdicts:
    """Return what the whole catalogue says of a graph."""
    judgement = Judgement(graph, catalogue().values(), rows=parse({"exceptions": list(rows)}), today=DAY)
    return Verdicts.of(judgement, stack=STACK, layer=Layer.STATE, as_of=DAY, effective=effective)


@cache
def small() -> Verdicts:
    """Return the verdicts of the small stack."""
    return verdicts_of(lone(*SMALL), effective=DISABLED)


def small_report(framework: str, *resources: Resource) -> Report:
    """Return a framework's evidence of the small stack, or of other resources with every control on."""
    return report(framework, verdicts_of(lone(*resources), rows=()) if resources else small(), ORIGIN)


def official_schema() -> Path | None:
    """Return the file of OASIS's own schema of SARIF 2.1.0: of `SARIF_SCHEMA`, or beside the repository; None where there is none.

    It is not part of the repository; get it from https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/.
    """
    path = Path(os.environ.get("SARIF_SCHEMA") or ROOT.parent / "shared" / "schemas" / "sarif-schema-2.1.0.json")
    return path if path.is_file() else None


def _closed(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required.split(), "properties": properties}


_TEXT = {"type": "string"}
_BAG = {"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": True, "items": _TEXT}}}
_MESSAGE = _closed("text", text=_TEXT)
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_COMPONENT_REFERENCE = _closed("name", name=_TEXT, index={"type": "integer", "minimum": -1})
_RELATIONSHIP = _closed(
    "target",
    target=_closed("id", id=_TEXT, toolComponent=_COMPONENT_REFERENCE),
    kinds={"type": "array", "uniqueItems": True, "items": _TEXT},
    description=_MESSAGE,
)
_DESCRIPTOR = _closed(
    "id",
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_closed("", enabled={"type": "boolean"}, level=_LEVEL),
    relationships={"type": "array", "uniqueItems": True, "items": _RELATIONSHIP},
    properties=_BAG,
)
_COMPONENT = _closed(
    "name",
    name=_TEXT,
    fullName=_TEXT,
    version=_TEXT,
    isComprehensive={"type": "boolean"},
    shortDescription=_MESSAGE,
    rules={"type": "array", "uniqueItems": True, "items": _DESCRIPTOR},
    taxa={"type": "array", "uniqueItems": True, "items": _DESCRIPTOR},
    supportedTaxonomies={"type": "array", "uniqueItems": True, "items": _COMPONENT_REFERENCE},
)
_LOCATION = _closed(
    "",
    physicalLocation=_closed(
        "artifactLocation",
        artifactLocation=_closed("uri", uri={"type": "string", "pattern": r"^[^/\s][^\s]*$"}, uriBaseId=_TEXT),
        region=_closed("", startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations={"type": "array", "uniqueItems": True, "items": _closed("", fullyQualifiedName=_TEXT, kind=_TEXT)},
)
_RESULT = _closed(
    "message",
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    kind={"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
    level=_LEVEL,
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    suppressions={
        "type": "array",
        "uniqueItems": True,
        "items": _closed(
            "kind", kind={"enum": ["inSource", "external"]}, status={"enum": ["accepted", "underReview", "rejected"]}, justification=_TEXT
        ),
    },
)
SARIF: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_closed(
        "version runs",
        **{"$schema": {"type": "string", "format": "uri"}},
        version={"const": "2.1.0"},
        runs={
            "type": "array",
            "items": _closed(
                "tool",
                tool=_closed("driver", driver=_COMPONENT),
                automationDetails=_closed("", id=_TEXT),
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                results={"type": "array", "items": _RESULT},
                taxonomies={"type": "array", "uniqueItems": True, "items": _COMPONENT},
                properties=_BAG,
            ),
        },
    ),
}
"""The part of SARIF 2.1.0 that reports use, closed: a property that is not in it, or is of another shape, is refused.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, section 3
"""
