"""Packs run through the SDK's own analyzer: with proxies, unknowns and secrets as the engine sends them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import pulumi_policy as sdk
import pytest
import yaml
from google.protobuf import json_format, struct_pb2
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies.analyzer import Analyzer
from policies.catalogue import EVERY, HOUSE, PACKS, catalogue, held_by
from policies.pack import EXCEPTIONS, UNDECIDED, UNDECIDED_SHARE, policies_of
from policies.values import UNKNOWN
from tests.kit.policies import request, resource, shipped

FOLDER = Path(__file__).resolve().parents[2] / "policies/packs"
DATABASE = "aws:rds/instance:Instance"
VPC, CLOSED, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:ec2/subnet:Subnet"


def stock(pack: str, together: str = "") -> Any:
    return _PolicyAnalyzerServicer("stock", "1.0.0", policies_of(pack, together), sdk.EnforcementLevel.MANDATORY)


def ours(pack: str, together: str = "") -> Any:
    return Analyzer("ours", policies_of(pack, together), "a pack")


def said(response: Any) -> set[tuple[str, str, str, int]]:
    return {(each.policyName, each.urn, each.message, each.enforcementLevel) for each in response.diagnostics}


SMALL = [
    vpc := resource(VPC, "one", id=UNKNOWN),
    resource(CLOSED, "closed", vpcId=UNKNOWN, property_dependencies={"vpcId": (vpc.urn,)}),
    resource(SUBNET, "public", vpcId=UNKNOWN, mapPublicIpOnLaunch=True),
    resource(SUBNET, "open", vpcId=UNKNOWN, mapPublicIpOnLaunch=UNKNOWN),
    resource(DATABASE, "main", publiclyAccessible=True, engine="postgres", password="hunter2", parameterGroupName=UNKNOWN),
]


@pytest.mark.parametrize("make", [stock, ours])
def test_an_unknown_hides_no_violation_of_another_resource(make: Any) -> None:
    response = make("gdpr").AnalyzeStack(request(SMALL), None)
    found = {
        (each.policyName, each.urn.rpartition("::")[2]) for each in response.diagnostics if each.enforcementLevel == analyzer_pb2.MANDATORY
    }
    assert {("NET-01", "main"), ("NET-07", "public"), ("NET-06", "one"), ("ENC-01", "main")} <= found
    assert ("NET-05", "one") not in found, "linked by what the unknown id was made of"
    undecided = [each.message.partition("\n")[2] for each in response.diagnostics if each.policyName == UNDECIDED]
    assert "NET-07 is open for open" in undecided and (UNDECIDED_SHARE, "") in found
    assert "can't run policy" not in str(response) and "hunter2" not in str(response)
    passed = {each.policy_name for each in response.not_applicable}
    assert "ENC-04" in passed and "NET-01" not in passed


def test_the_faster_analyzer_says_what_the_sdks_own_says() -> None:
    for pack in ("gdpr", HOUSE):
        first, second = (make(pack).AnalyzeStack(request(SMALL), None) for make in (stock, ours))
        assert said(first) == said(second)
        assert {each.policy_name for each in first.not_applicable} == {each.policy_name for each in second.not_applicable}


def test_what_a_program_leaves_out_is_absent_though_its_output_is_unknown() -> None:
    """A stack's analysis has outputs alone, in which whatever AWS will choose is unknown; the engine told the inputs before."""
    given, answered = {"engine": "postgres", "storageEncrypted": True}, {"kmsKeyId": UNKNOWN, "id": UNKNOWN}
    database = resource(DATABASE, "main", **given, **answered)
    analyzer = ours("gdpr")
    declared = struct_pb2.Struct()
    declared.update(given)

    def about(control: str) -> list[str]:
        found = analyzer.AnalyzeStack(request([database]), None).diagnostics
        return [each.policyName for each in found if each.policyName == control or each.message.partition("\n")[2].startswith(control)]

    assert about("ENC-01") == [UNDECIDED], "not told, it stays open"
    analyzer.Analyze(analyzer_pb2.AnalyzeRequest(type=DATABASE, urn=database.urn, properties=declared), None)
    assert about("ENC-01") == ["ENC-01"]


def test_a_violation_tells_clause_remedy_and_severity() -> None:
    response = ours("pci-dss").AnalyzeStack(request(SMALL), None)
    (found,) = [each for each in response.diagnostics if each.policyName == "NET-01"]
    assert found.message.startswith("NET-01: No database has a public address\npubliclyAccessible: allowed is false. To do: set publicly")
    assert found.message.endswith("(pci-dss 1.3.1, pci-dss 1.4.2)") and found.severity == analyzer_pb2.POLICY_SEVERITY_CRITICAL


def test_packs_that_run_together_run_each_control_once() -> None:
    together = ",".join(PACKS)
    ran: list[str] = []
    for pack in PACKS:
        response = ours(pack, together).AnalyzeStack(request(SMALL), None)
        left = {each.policy_name for each in response.not_applicable if "beside this one" in each.reason}
        ran += [control.id for control in held_by(pack) if control.id not in left]
    assert sorted(ran) == sorted(catalogue())
    with pytest.raises(ValueError, match="allowed are gdpr"):
        policies_of("gdpr", "gdpr,hipaa")


def test_a_shipped_stack_passes_a_whole_pack_as_the_engine_sends_it() -> None:
    response = ours("gdpr").AnalyzeStack(request(shipped("eu-west-1").resources), None)
    assert not list(response.diagnostics)


def test_a_level_that_the_engine_configures_is_heeded() -> None:
    analyzer = ours("gdpr")
    analyzer.Configure(
        analyzer_pb2.ConfigureAnalyzerRequest(
            policyConfig={
                "NET-01": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.DISABLED),
                "NET-07": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.ADVISORY),
            }
        ),
        None,
    )
    levels = {each.policyName: each.enforcementLevel for each in analyzer.AnalyzeStack(request(SMALL), None).diagnostics}
    assert "NET-01" not in levels and levels["NET-07"] == analyzer_pb2.ADVISORY


def test_what_a_pack_says_of_itself_names_framework_remedy_and_severity() -> None:
    info = ours("soc2").GetAnalyzerInfo(None, None)
    by_name = {each.name: each for each in info.policies}
    assert by_name["NET-01"].framework.reference == "CC6.2, CC6.6"
    assert by_name["NET-01"].framework.specification == "CC6.2: mapped; CC6.6: our reading"
    assert by_name["NET-01"].remediation_steps and "gdpr 32" in by_name["NET-01"].tags
    assert by_name["NET-01-remedy"].enforcementLevel == analyzer_pb2.DISABLED
    assert {EXCEPTIONS, UNDECIDED, UNDECIDED_SHARE} <= set(by_name)


def remediated(type_: str, control: str, properties: dict[str, Any]) -> Any:
    """Return the properties after the remedies of controls, given with commas between; None where there was nothing to mend."""
    analyzer = ours("gdpr" if control != "NET-10" else "soc2")
    config = {f"{each}-remedy": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.REMEDIATE) for each in control.split(",")}
    analyzer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config), None)
    given = struct_pb2.Struct()
    given.update(properties)
    done = analyzer.Remediate(analyzer_pb2.AnalyzeRequest(type=type_, properties=given), None).remediations
    assert not [each.diagnostic for each in done if each.diagnostic]
    return done[-1].properties if done else None


UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}


@pytest.mark.parametrize(
    ("control", "type_", "wrong", "right"),
    [
        ("NET-01", DATABASE, {"publiclyAccessible": True}, {"publiclyAccessible": False}),
        ("NET-07", SUBNET, {"mapPublicIpOnLaunch": True}, {"mapPublicIpOnLaunch": False}),
        ("ENC-10", "aws:kms/key:Key", {"deletionWindowInDays": 7}, {"deletionWindowInDays": 30, "enableKeyRotation": True}),
        (
            "NET-10",
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"metadataOptions": {"httpEndpoint": "enabled"}},
            {"metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}},
        ),
        ("BCK-01", DATABASE, {"copyTagsToSnapshot": False}, {"copyTagsToSnapshot": True}),
        ("BCK-01", "aws:rds/cluster:Cluster", {}, {"copyTagsToSnapshot": True}),
        (
            "BCK-05",
            "aws:dynamodb/table:Table",
            {"pointInTimeRecovery": {"enabled": False, "recoveryPeriodInDays": UNKNOWN_TEXT}},
            {"pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": UNKNOWN_TEXT}},
        ),
        ("BCK-05", "aws:dynamodb/tableReplica:TableReplica", {"pointInTimeRecovery": False}, {"pointInTimeRecovery": True}),
        ("BCK-05", "aws:elasticache/replicationGroup:ReplicationGroup", {"snapshotRetentionLimit": 0}, {"snapshotRetentionLimit": 1}),
        ("RET-04", "aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 30}, {"retentionInDays": 365}),
        (
            "EDGE-05",
            "aws:cloudfront/distribution:Distribution",
            {
                "viewerCertificate": {"acmCertificateArn": UNKNOWN_TEXT, "minimumProtocolVersion": "TLSv1"},
                "orderedCacheBehaviors": [{"pathPattern": SECRET, "viewerProtocolPolicy": "allow-all"}],
            },
            {
                "viewerCertificate": {"acmCertificateArn": UNKNOWN_TEXT, "minimumProtocolVersion": "TLSv1.2_2021"},
                "orderedCacheBehaviors": [{"pathPattern": SECRET, "viewerProtocolPolicy": "redirect-to-https"}],
            },
        ),
    ],
)
def test_a_remedy_changes_what_is_wrong_nothing_else_and_only_once(control: str, type_: str, wrong: Any, right: Any) -> None:
    others = {"password": SECRET, "open": UNKNOWN_TEXT}
    mended = remediated(type_, control, {**others, **wrong})
    expected = struct_pb2.Struct()
    expected.update({**others, **right})
    assert mended == expected
    assert remediated(type_, control, {**others, **right}) is None


def test_two_remedies_mend_one_resource() -> None:
    mended = remediated(DATABASE, "NET-01,BCK-01", {"password": SECRET, "publiclyAccessible": True, "copyTagsToSnapshot": False})
    assert json_format.MessageToDict(mended) == {"password": SECRET, "publiclyAccessible": False, "copyTagsToSnapshot": True}


def test_a_pack_starts_as_the_engine_starts_it() -> None:
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(FOLDER / "pci-dss")]
    pack = subprocess.Popen(command, cwd=FOLDER / "pci-dss", stdout=subprocess.PIPE, text=True)
    try:
        assert pack.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{int(pack.stdout.readline())}") as channel:
            info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(Empty(), timeout=20)
    finally:
        pack.kill()
        pack.communicate()
    assert info.name == "morefocus-pci-dss" and {control.id for control in held_by("pci-dss")} <= {each.name for each in info.policies}


@pytest.mark.parametrize("pack", [*PACKS, EVERY])
def test_a_pack_is_a_folder_that_the_engine_can_run(pack: str) -> None:
    project = yaml.safe_load((FOLDER / pack / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"]["name"] == "python" and project["version"] == "1.0.0"
    assert f'run("{pack}")' in (FOLDER / pack / "__main__.py").read_text(encoding="utf-8")
    assert {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"} == {*PACKS, EVERY}
