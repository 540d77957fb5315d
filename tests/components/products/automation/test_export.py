import json
from dataclasses import replace
from typing import Any

import pytest

from components.products.automation.export import WorkflowExport, WorkflowExportArgs, export_policy
from tests.components.products.automation.test_automation import PODS, TOLD
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record
from tests.kit.schemas import schema_problems

BUCKET, KEY = "arn:aws:s3:::backups", "arn:aws:kms:us-east-1:123456789012:key/personal"
ARGS = WorkflowExportArgs(
    namespace="automation",
    image=PODS.image,
    uploader_image="public.ecr.aws/aws-cli/aws-cli:2.36.43",
    told=TOLD,
    bucket="backups",
    alert_topic_arn="arn:aws:sns:us-east-1:123456789012:alerts",
)


def _graph(args: WorkflowExportArgs = ARGS) -> Graph:
    return record(lambda: WorkflowExport("export", a_context(), args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _job(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.named("export-job").inputs["spec"]
    return found


def _pod(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = _job(graph)["jobTemplate"]["spec"]["template"]["spec"]
    return found


def test_kubernetes_takes_the_cron_job(graph: Graph) -> None:
    assert not schema_problems(graph.named("export-job").inputs, "1.35")


def test_n8ns_own_commands_export_everything_one_file_each_and_nothing_decrypted(graph: Graph) -> None:
    commands = [each["args"] for each in _pod(graph)["initContainers"]]
    assert commands == [
        ["export:workflow", "--backup", "--output=/export/workflows/"],
        ["export:credentials", "--backup", "--output=/export/credentials/"],
    ]
    assert "decrypted" not in json.dumps(graph.named("export-job").inputs)
    assert {each["image"] for each in _pod(graph)["initContainers"]} == {PODS.image}


def test_the_export_reads_the_database_of_n8n_with_its_key_and_joins_no_queue(graph: Graph) -> None:
    told = {each["name"]: each.get("value") for each in _pod(graph)["initContainers"][0]["env"]}
    assert told["DB_POSTGRESDB_HOST"] == TOLD.database.host
    assert told["EXECUTIONS_MODE"] == "regular"
    assert "N8N_ENCRYPTION_KEY" in told and "QUEUE_BULL_REDIS_PASSWORD" not in told


def test_what_uploads_sees_neither_the_database_nor_the_key(graph: Graph) -> None:
    (upload,) = _pod(graph)["containers"]
    assert {each["name"] for each in upload["env"]} == {"AWS_REGION", "BUCKET", "HOME", "STACK"}
    mounts = {each["name"]: each.get("readOnly", False) for each in upload["volumeMounts"]}
    assert mounts == {"export": True, "tmp": False}


def test_exports_do_not_overlap_and_end(graph: Graph) -> None:
    job = _job(graph)
    assert (job["schedule"], job["timeZone"], job["concurrencyPolicy"]) == ("30 2 * * *", "Etc/UTC", "Forbid")
    assert job["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 3600


def test_a_job_without_a_proxy_of_the_mesh_can_end(graph: Graph) -> None:
    assert _job(graph)["jobTemplate"]["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"


def test_a_day_without_an_export_rings_whatever_the_reason(graph: Graph) -> None:
    alarm = graph.named("export-missed").inputs
    assert alarm["treatMissingData"] == "breaching"
    assert alarm["period"] * alarm["evaluationPeriods"] == 30 * 3600
    assert alarm["dimensions"] == {"Stack": "morefocus-prod-use1"}
    assert alarm["alarmActions"] == [ARGS.alert_topic_arn]


def test_a_copy_that_stands_by_exports_nothing_and_rings_for_nothing() -> None:
    graph = _graph(replace(ARGS, suspended=True))
    assert _job(graph)["suspend"] is True
    assert not graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")


def _may(action: str, resource: str, **keys: str) -> bool:
    request = Request(action=action, resource=resource, principal="export", context={k.replace("_", ":"): v for k, v in keys.items()})
    return allowed(str(export_policy(a_context(), BUCKET, KEY)), request)


def test_the_export_can_write_below_its_prefix_and_destroy_no_version() -> None:
    assert _may("s3:PutObject", f"{BUCKET}/n8n/workflows/1.json")
    assert _may("s3:DeleteObject", f"{BUCKET}/n8n/workflows/1.json")
    assert not _may("s3:PutObject", f"{BUCKET}/database/dump")
    assert not _may("s3:DeleteObjectVersion", f"{BUCKET}/n8n/workflows/1.json")
    assert not _may("s3:BypassGovernanceRetention", f"{BUCKET}/n8n/workflows/1.json")
    assert _may("s3:ListBucket", BUCKET, s3_prefix="n8n/workflows/")
    assert not _may("s3:ListBucket", BUCKET, s3_prefix="database/")


def test_the_export_uses_the_key_through_s3_alone() -> None:
    assert _may("kms:GenerateDataKey", KEY, kms_ViaService="s3.us-east-1.amazonaws.com")
    assert not _may("kms:GenerateDataKey", KEY)
    assert not _may("cloudwatch:PutMetricData", "*", cloudwatch_namespace="AWS/EC2")


def test_a_schedule_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="five cron fields"):
        replace(ARGS, schedule="@daily")
