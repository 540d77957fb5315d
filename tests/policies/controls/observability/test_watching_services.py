"""Regions that nobody watches, or that are watched with one eye."""

from collections.abc import Callable

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

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


CAUGHT = [
    *(
        Mutation(f"there is no {type_.rpartition(':')[2]}", without(type_))
        for type_ in (DETECTOR, HUB, RECORDER, STATUS, CHANNEL, ANALYZER, SCANNER, FINDINGS)
    ),
    Mutation("GuardDuty sleeps", lambda draft: draft.one(DETECTOR).set("enable", False)),
    Mutation("GuardDuty does not look at clusters", lambda draft: feature(draft, "EKS_AUDIT_LOGS").set("status", "DISABLED")),
    Mutation("GuardDuty does not look at databases", lambda draft: feature(draft, "RDS_LOGIN_EVENTS").replace(type="test:index:Gone")),
    Mutation("Security Hub judges by nothing", no_standards),
    Mutation("Config records some types", lambda draft: draft.one(RECORDER).set("recordingGroup.allSupported", False)),
    Mutation("Config leaves roles out", lambda draft: draft.one(RECORDER).set("recordingGroup.exclusionByResourceTypes", EXCLUDED)),
    Mutation("Config is stopped", lambda draft: draft.one(STATUS).set("isEnabled", False)),
    Mutation("outsiders are not looked for", lambda draft: draft.one(ANALYZER).set("type", "ACCOUNT_UNUSED_ACCESS")),
    Mutation("images are not scanned", lambda draft: draft.one(SCANNER).set("resourceTypes", ["EC2", "LAMBDA"])),
]
SPARED = [
    Mutation("GuardDuty is left on", lambda draft: draft.one(DETECTOR).drop("enable")),
    Mutation("Security Hub takes the default standards", defaults),
    Mutation("an analyzer looks at the organization", lambda draft: draft.one(ANALYZER).set("type", "ORGANIZATION")),
    Mutation("Config is as AWS makes it", lambda draft: draft.one(RECORDER).drop("recordingGroup")),
    Mutation("code of functions is not scanned", lambda draft: draft.one(SCANNER).set("resourceTypes", ["EC2", "ECR", "LAMBDA"])),
    Mutation("whether a feature is on is not known yet", lambda draft: feature(draft, "S3_DATA_EVENTS").set("status", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-04", mutation)
