"""ENC-09: every disk is encrypted, whoever makes it: the account by default, nodes and pods by what they are made from."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import own_key
from policies.values import UNKNOWN, Answer, all_of, any_of, asks, each, is_yes, look
from policies.verdict import Ruling

DEFAULT, DEFAULT_KEY = "aws:ebs/encryptionByDefault:EncryptionByDefault", "aws:ebs/defaultKmsKey:DefaultKmsKey"
TEMPLATE, INSTANCE = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"
VOLUME, SNAPSHOT_COPY = "aws:ebs/volume:Volume", "aws:ebs/snapshotCopy:SnapshotCopy"
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
_EBS = ("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge what sets the account's default, and what makes disks.

    A disk of which nothing is said is right where this stack sets the default of its region: what another stack sets is not known here.
    """
    on = {default.region for default in graph.of(DEFAULT) if asks(default.properties, "enabled", is_yes, absent=True)}
    for default in graph.of(DEFAULT):
        yield ruled(default, need(default, "enabled", is_yes, "true", absent=True))
    for key in graph.of(DEFAULT_KEY):
        yield ruled(key, own_key(graph, key, "keyArn"))
    for disk in graph.of(VOLUME, SNAPSHOT_COPY):
        yield ruled(disk, Need("encrypted", _is_encrypted(disk.properties, disk.region in on), "true"))
    for template in graph.of(TEMPLATE):
        answers = [_is_encrypted(disk, template.region in on) for disk in _disks(template)]
        yield ruled(template, Need("blockDeviceMappings.ebs.encrypted", all_of(answers), "true"))
    for instance in graph.of(INSTANCE):
        disks = [*(each(instance.properties, "rootBlockDevice") or [{}]), *each(instance.properties, "ebsBlockDevices")]
        yield ruled(
            instance, Need("rootBlockDevice.encrypted", all_of([_is_encrypted(disk, instance.region in on) for disk in disks]), "true")
        )
    for storage in graph.of(CLASS):
        if asks(storage.properties, "provisioner", lambda name: name in _EBS, absent=False) is not False:
            yield ruled(
                storage,
                # Parameters of a class are texts.
                need(storage, "parameters.encrypted", is_yes, '"true"'),
                own_key(graph, storage, "parameters.kmsKeyId"),
            )


def _disks(template: Resource) -> list[Any]:
    """Return the disks of a launch template; the image's own where it names none, of which nothing is said."""
    found = each(template.properties, "blockDeviceMappings")
    disks = [UNKNOWN if one is UNKNOWN else look(one, "ebs") for one in found]
    return [disk for disk in disks if disk is UNKNOWN or isinstance(disk, dict)] or [{}]


def _is_encrypted(disk: Any, by_default: bool) -> Answer:
    """Tell whether a disk is; a default encrypts what says nothing, and what says no as well."""
    if disk is UNKNOWN:
        return any_of([None, by_default])
    return any_of([by_default, asks(disk, "encrypted", is_yes, absent=False)])


CONTROL = Control(
    id="ENC-09",
    title="Disks are encrypted by default, and so are those of nodes and pods",
    severity=Severity.HIGH,
    why="A disk, or a snapshot of it, that leaves its machine must not be readable where it ends up.",
    fix="set encrypted='true' and kms_key_id in launch templates, parameters of StorageClasses, and use ebs.EncryptionByDefault",
    clauses=clauses(gdpr="32", lgpd="46", soc2="PI1.5", iso27001="8.24", pci="3.5.1"),
    governs=(DEFAULT, DEFAULT_KEY, TEMPLATE, INSTANCE, VOLUME, SNAPSHOT_COPY, CLASS),
    check=check,
)
