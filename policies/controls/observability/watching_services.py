"""LOG-04: in each region of production AWS's own services watch for intruders, changes, open doors and known holes."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, is_no, is_yes, look, texts
from policies.verdict import Ruling

VPC = "aws:ec2/vpc:Vpc"
DETECTOR, FEATURE = "aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"
FINDINGS = "aws:guardduty/publishingDestination:PublishingDestination"
HUB, STANDARD = "aws:securityhub/account:Account", "aws:securityhub/standardsSubscription:StandardsSubscription"
RECORDER, STATUS = "aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"
CHANNEL, RULE = "aws:cfg/deliveryChannel:DeliveryChannel", "aws:cfg/rule:Rule"
ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
SCANNER = "aws:inspector2/enabler:Enabler"
DISCOVERY = "aws:macie2/account:Account"
_OUTSIDERS = ("ACCOUNT", "ORGANIZATION")
_FEATURES = frozenset(
    {"EKS_AUDIT_LOGS", "RUNTIME_MONITORING", "S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "EBS_MALWARE_PROTECTION"}
)
"""What GuardDuty looks at of what the estate runs.

Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
"""
_SCANNED = frozenset({"EC2", "ECR", "LAMBDA"})


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask the stack of each production network for the five services, and judge each by how it is set.

    They are one for an account and region, so staging is watched by those of the production that it shares both with.
    """
    for vpc in graph.of(VPC):
        if not is_staging(vpc):
            yield ruled(vpc, *_asked(graph))
    for detector in graph.of(DETECTOR):
        yield ruled(
            detector,
            # AWS's own default is on.
            need(detector, "enable", is_yes, "true", absent=True),
            Need("", _looks_everywhere(graph, detector), f"a DetectorFeature that is ENABLED for each of {', '.join(sorted(_FEATURES))}"),
            Need("", _attached(graph, detector, FINDINGS, "detectorId"), "a PublishingDestination: findings are gone after 90 days"),
        )
    for hub in graph.of(HUB):
        standards = bool(graph.of(STANDARD)) or asks(hub.properties, "enableDefaultStandards", lambda on: not is_no(on), absent=True)
        yield ruled(hub, Need("", standards, "a StandardsSubscription, or the default ones"))
    for recorder in graph.of(RECORDER):
        yield ruled(
            recorder,
            Need("recordingGroup.allSupported", _records_all(recorder), "true, or left out"),
            Need("", _is_on(graph, recorder), "a RecorderStatus with isEnabled"),
            Need("", bool(graph.of(CHANNEL)), "a DeliveryChannel"),
        )
    for rule in graph.of(RULE):
        yield ruled(
            rule,
            Need(
                "",
                any_of([_is_on(graph, recorder) for recorder in graph.of(RECORDER)]),
                "a Recorder that is on: it judges what that records",
            ),
        )
    for scanner in graph.of(SCANNER):
        wanted = ", ".join(sorted(_SCANNED))
        yield ruled(scanner, need(scanner, "resourceTypes", lambda kinds: set(texts(kinds)) >= _SCANNED, wanted))
    for discovery in graph.of(DISCOVERY):
        # AWS's own default is on.
        yield ruled(discovery, need(discovery, "status", lambda status: status == "ENABLED", "ENABLED", absent=True))


def _asked(graph: Graph) -> Iterable[Need]:
    yield Need("", bool(graph.of(DETECTOR)), "a guardduty.Detector in the same stack")
    yield Need("", bool(graph.of(HUB)), "a securityhub.Account in the same stack")
    yield Need("", bool(graph.of(RECORDER)), "a cfg.Recorder in the same stack")
    yield Need("", bool(graph.of(SCANNER)), "an inspector2.Enabler in the same stack")
    of_outsiders = [asks(analyzer.properties, "type", _OUTSIDERS.__contains__, absent=True) for analyzer in graph.of(ANALYZER)]
    yield Need("", any_of(of_outsiders), "an accessanalyzer.Analyzer of outsiders in the same stack")


def _attached(graph: Graph, owner: Resource, type_: str, path: str) -> Answer:
    found = graph.attached(owner, type_, path)
    return any_of([bool(found.resources), False if found.certain else None])


def _looks_everywhere(graph: Graph, detector: Resource) -> Answer:
    features = graph.attached(detector, FEATURE, "detectorId")
    on = {
        feature.look("name"): asks(feature.properties, "status", lambda status: status == "ENABLED", absent=False)
        for feature in features.resources
    }
    missing: Answer = None if UNKNOWN in on or not features.certain else False
    return all_of([on.get(name, missing) for name in sorted(_FEATURES)])


def _records_all(recorder: Resource) -> Answer:
    excluded = each(recorder.properties, "recordingGroup.exclusionByResourceTypes")
    everything = asks(recorder.properties, "recordingGroup.allSupported", is_yes, absent=True)
    return all_of([everything, not any(look(one, "resourceTypes") is not ABSENT for one in excluded)])


def _is_on(graph: Graph, recorder: Resource) -> Answer:
    statuses = graph.attached(recorder, STATUS, "name")
    on = [asks(status.properties, "isEnabled", is_yes, absent=False) for status in statuses.resources]
    return any_of([*on, False if statuses.certain else None])


CONTROL = Control(
    id="LOG-04",
    title="GuardDuty, Security Hub, Config, Access Analyzer and Inspector are on in each region of production",
    severity=Severity.HIGH,
    why="Nobody reads every log: these tell of an intruder, a door left open and a hole that was published last night.",
    fix="let the stack have ThreatDetection, Posture, ConfigurationRecorder, AccessAnalyzer and VulnerabilityScanning, all switched on",
    clauses=clauses(gdpr="25 30", lgpd="46 48 50", soc2="CC6.8 CC7.1 CC8.1", iso27001="5.36 8.7 8.9 8.16", pci="10.4.1.1 11.5.1"),
    governs=(VPC, DETECTOR, FEATURE, FINDINGS, HUB, STANDARD, RECORDER, STATUS, CHANNEL, RULE, ANALYZER, SCANNER, DISCOVERY),
    check=check,
)
