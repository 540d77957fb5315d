"""Regions that nobody watches, or that are watched with one eye."""

from collections.abc import Callable

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass, new_violations

DETECTOR, FEATURE = "aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"
FINDINGS = "aws:guardduty/publishingDestination:PublishingDestination"
HUB, STANDARD = "aws:securityhub/account:Account", "aws:securityhub/standardsSubscription:StandardsSubscription"
RECORDER, STATUS = "aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"
CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel"
ANALYZER, SCANNER = "aws:accessanalyzer/analyzer:Analyzer", "aws:inspector2/enabler:Enabler"
EXCLUDED = [{"resourceTypes": ["AWS::IAM::Role"]}]


def feature(draft: Draft, name: str) -> Changed:
    return next(one for one in draft.all(FEATURE) if one.properties["name"] == name)


def without(type_: str) -> Callable[[Draft], None]:
    return lambda draft: draft.remove(type_)


def no_standards(draft: Draft) -> None:
    for standard in draft.base.of(STANDARD):
        draft.remove(STANDARD, standard.name)


def defaults(draft: Draft) -> None:
    no_standards(draft)
    draft.one(HUB).drop("enableDefaultStandards")


FEATURES = ("EKS_AUDIT_LOGS", "RUNTIME_MONITORING", "S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "EBS_MALWARE_PROTECTION")


def off(name: str) -> Callable[[Draft], None]:
    return lambda draft: feature(draft, name).set("status", "DISABLED")


def scanned(*kinds: str) -> Callable[[Draft], None]:
    return lambda draft: draft.one(SCANNER).set("resourceTypes", list(kinds))


DISCOVERY = "aws:macie2/account:Account"


CAUGHT = [
    *(
        Mutation(f"there is no {type_.rpartition(':')[2]}", without(type_))
        for type_ in (DETECTOR, HUB, RECORDER, STATUS, CHANNEL, ANALYZER, SCANNER, FINDINGS)
    ),
    Mutation("GuardDuty sleeps", lambda draft: draft.one(DETECTOR).set("enable", False)),
    Mutation("GuardDuty does not look at databases", lambda draft: feature(draft, "RDS_LOGIN_EVENTS").replace(type="test:index:Gone")),
    Mutation("Security Hub judges by nothing", no_standards),
    Mutation("Config records some types", lambda draft: draft.one(RECORDER).set("recordingGroup.allSupported", False)),
    Mutation("Config leaves roles out", lambda draft: draft.one(RECORDER).set("recordingGroup.exclusionByResourceTypes", EXCLUDED)),
    Mutation("Config is stopped", lambda draft: draft.one(STATUS).set("isEnabled", False)),
    Mutation("outsiders are not looked for", lambda draft: draft.one(ANALYZER).set("type", "ACCOUNT_UNUSED_ACCESS")),
    *(Mutation(f"GuardDuty does not look at {name}", off(name)) for name in FEATURES),
    Mutation("GuardDuty does not say whether it looks", lambda draft: feature(draft, "S3_DATA_EVENTS").drop("status")),
    Mutation("nodes are not scanned", scanned("ECR", "LAMBDA")),
    Mutation("images are not scanned", scanned("EC2", "LAMBDA")),
    Mutation("functions are not scanned", scanned("EC2", "ECR")),
    Mutation("whether Config is on is not said", lambda draft: draft.one(STATUS).drop("isEnabled")),
    Mutation("Macie is paused", lambda draft: draft.one(DISCOVERY).set("status", "PAUSED")),
]
SPARED = [
    Mutation("Macie is left on", lambda draft: draft.one(DISCOVERY).drop("status")),
    Mutation("an analyzer is of the kind that AWS takes", lambda draft: draft.one(ANALYZER).drop("type")),
    Mutation("GuardDuty is left on", lambda draft: draft.one(DETECTOR).drop("enable")),
    Mutation("Security Hub takes the default standards", defaults),
    Mutation("an analyzer looks at the organization", lambda draft: draft.one(ANALYZER).set("type", "ORGANIZATION")),
    Mutation("Config is as AWS makes it", lambda draft: draft.one(RECORDER).drop("recordingGroup")),
    Mutation("code of functions is not scanned", lambda draft: draft.one(SCANNER).set("resourceTypes", ["EC2", "ECR", "LAMBDA"])),
]
OPEN = [
    Mutation("whether a feature is on is not known yet", lambda draft: feature(draft, "S3_DATA_EVENTS").set("status", UNKNOWN)),
    Mutation("which feature one is is not known yet", lambda draft: feature(draft, "S3_DATA_EVENTS").set("name", UNKNOWN)),
    Mutation("what is scanned is not known yet", lambda draft: draft.one(SCANNER).set("resourceTypes", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-04", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("LOG-04", mutation)


def test_rules_judge_by_any_recorder_that_is_on() -> None:
    second = Mutation("a second recorder is not started", lambda draft: draft.add(RECORDER, "more", {"name": "more"}))
    found = new_violations("LOG-04", second)
    assert {finding.urn.rpartition("::")[2] for finding in found} == {"more"}
