"""Disks in clear: of the account, of nodes, of pods."""

from typing import Any

import pytest

from policies.controls.encryption.volumes import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

DEFAULT, DEFAULT_KEY = "aws:ebs/encryptionByDefault:EncryptionByDefault", "aws:ebs/defaultKmsKey:DefaultKmsKey"
TEMPLATE, INSTANCE, VOLUME = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance", "aws:ebs/volume:Volume"
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
CLEAR = {"deviceName": "/dev/xvdb", "ebs": {"encrypted": "false"}}


def staging(name: str, change: Any) -> Mutation:
    """Staging shares its account with production, which sets the default: its own templates must say it."""
    return Mutation(name, change, "staging")


def by_a_default_that_says_nothing(draft: Draft) -> None:
    draft.one(DEFAULT).drop("enabled")
    draft.add(VOLUME, "one", {}, provider_region="eu-west-1")


CAUGHT = [
    Mutation("the account's default is off", lambda draft: draft.one(DEFAULT).set("enabled", False)),
    Mutation("the default is AWS's own key", lambda draft: draft.one(DEFAULT_KEY).set("keyArn", "alias/aws/ebs")),
    staging("nodes get another disk in clear", lambda draft: draft.one(TEMPLATE).properties["blockDeviceMappings"].append(CLEAR)),
    staging("nothing is said of a node's disk", lambda draft: draft.one(TEMPLATE).drop("blockDeviceMappings")),
    staging(
        "a machine has a disk in clear",
        lambda draft: draft.add(INSTANCE, "one", {"rootBlockDevice": {"encrypted": True}, "ebsBlockDevices": [{}]}),
    ),
    staging("nothing is said of a machine's disk", lambda draft: draft.add(INSTANCE, "one", {"ami": "ami-1"})),
    staging("a disk is in clear", lambda draft: draft.add(VOLUME, "one", {"encrypted": False})),
    Mutation("a disk of another region is in clear", lambda draft: draft.add(VOLUME, "one", {"region": "us-west-2"})),
    Mutation("pods get disks in clear", lambda draft: draft.one(CLASS).set("parameters.encrypted", "false")),
    Mutation("nothing is said of pods' disks", lambda draft: draft.one(CLASS).drop("parameters.encrypted")),
    Mutation("pods' disks have AWS's own key", lambda draft: draft.one(CLASS).drop("parameters.kmsKeyId")),
]
SPARED = [
    Mutation("the default encrypts what says nothing", lambda draft: draft.add(VOLUME, "one", {}, provider_region="eu-west-1")),
    staging("a disk is encrypted", lambda draft: draft.add(VOLUME, "one", {"encrypted": True})),
    staging(
        "a template of network alone says its root is encrypted",
        lambda draft: draft.one(TEMPLATE).properties["blockDeviceMappings"].append({"deviceName": "/dev/sdf", "noDevice": "true"}),
    ),
    Mutation("files are shared by another driver", lambda draft: draft.add(CLASS, "files", {"provisioner": "efs.csi.aws.com"})),
    Mutation("a default that says nothing is on", by_a_default_that_says_nothing),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-09", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-09", mutation)


def test_a_disk_that_is_not_known_yet_is_open_unless_the_default_encrypts_it() -> None:
    template = resource(TEMPLATE, "nodes", blockDeviceMappings=[UNKNOWN], provider_region="eu-west-1")
    default = resource(DEFAULT, "default", enabled=True, provider_region="eu-west-1")
    assert [finding.verdict for finding in CONTROL.evaluate(lone(template))] == [Verdict.UNDECIDED]
    assert [finding.verdict for finding in CONTROL.evaluate(lone(default, template))] == [Verdict.PASS, Verdict.PASS]
