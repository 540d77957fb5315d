from collections.abc import Callable
from dataclasses import replace

import pytest

from components.data.file_system import FileSystem, FileSystemArgs
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed, denied
from tests.kit.recorder import Graph, computed_outputs, record

FILES = "aws:efs/fileSystem:FileSystem"
ARGS = FileSystemArgs(
    vpc_id="vpc-1",
    subnet_ids={"us-east-1a": "subnet-a", "us-east-1b": "subnet-b", "us-east-1c": "subnet-c"},
    client_security_group_ids={"nodes": "sg-nodes"},
    key_arn="arn:aws:kms:us-east-1:123456789012:key/operational",
    data_class=DataClass.OPERATIONAL,
)
ARN = computed_outputs(FILES, "shared-files", {})["arn"]
ANYONE = f"arn:aws:iam::{ACCOUNT}:role/some-pod"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: FileSystem("shared", a_context(), ARGS))


def test_files_are_encrypted_by_the_given_key(graph: Graph) -> None:
    files = graph.one(FILES)
    assert files.inputs["encrypted"] is True
    assert files.inputs["kmsKeyId"] == ARGS.key_arn
    assert files.protect


def test_each_zone_mounts_it_in_its_own_subnet(graph: Graph) -> None:
    targets = {target.name: target.inputs for target in graph.of_type("aws:efs/mountTarget:MountTarget")}
    assert {name: target["subnetId"] for name, target in targets.items()} == {
        "shared-mount-a": "subnet-a",
        "shared-mount-b": "subnet-b",
        "shared-mount-c": "subnet-c",
    }
    assert all(target["securityGroups"] == ["shared-access-id"] for target in targets.values())


def test_only_the_named_clients_reach_nfs(graph: Graph) -> None:
    (rule,) = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["referencedSecurityGroupId"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("sg-nodes", 2049, 2049)


def _policy(graph: Graph) -> str:
    return str(graph.one("aws:efs/fileSystemPolicy:FileSystemPolicy").inputs["policy"])


@pytest.mark.parametrize("action", ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"])
def test_whoever_reaches_a_mount_target_over_tls_reads_and_writes(graph: Graph, action: str) -> None:
    context = {"elasticfilesystem:AccessedViaMountTarget": "true", "aws:SecureTransport": "true"}
    request = Request(action=action, resource=ARN, principal=ANYONE, context=context)
    assert allowed(_policy(graph), request)
    assert denied(_policy(graph), replace(request, context={**context, "aws:SecureTransport": "false"}))
    assert not allowed(_policy(graph), replace(request, context={"aws:SecureTransport": "true"}))


@pytest.mark.parametrize("action", ["elasticfilesystem:ClientRootAccess", "elasticfilesystem:DeleteFileSystem"])
def test_nobody_is_root_or_manages_it_by_this_policy(graph: Graph, action: str) -> None:
    context = {"elasticfilesystem:AccessedViaMountTarget": "true", "aws:SecureTransport": "true"}
    assert not allowed(_policy(graph), Request(action=action, resource=ARN, principal=ANYONE, context=context))


def test_it_is_backed_up_and_ages_into_cheaper_classes(graph: Graph) -> None:
    assert graph.one("aws:efs/backupPolicy:BackupPolicy").inputs["backupPolicy"] == {"status": "ENABLED"}
    assert graph.one(FILES).inputs["lifecyclePolicies"] == [
        {"transitionToIa": "AFTER_30_DAYS"},
        {"transitionToArchive": "AFTER_90_DAYS"},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    assert graph.one(FILES).inputs["throughputMode"] == "elastic"


def test_one_day_is_written_in_the_singular() -> None:
    graph = record(lambda: FileSystem("shared", a_context(), replace(ARGS, infrequent_after_days=1)))
    assert {"transitionToIa": "AFTER_1_DAY"} in graph.one(FILES).inputs["lifecyclePolicies"]


def test_a_zone_of_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="zones of eu-west-1 are named"):
        record(lambda: FileSystem("shared", a_context(Region.EU_WEST_1), ARGS))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, subnet_ids={}), "subnet_ids must name at least one zone"),
        (lambda args: replace(args, infrequent_after_days=31), r"infrequent_after_days must be one of 1, 7.*\(got 31\)"),
        (lambda args: replace(args, archive_after_days=30), r"must be more than infrequent_after_days \(got 30 and 30\)"),
    ],
)
def test_what_efs_would_refuse_is_refused_at_once(change: Callable[[FileSystemArgs], FileSystemArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
