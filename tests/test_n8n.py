"""n8n run for real: the processes that a region's manifests deploy, on a real PostgreSQL, PgBouncer and Redis."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.workload.objects import Objects
from sandbox.workload.probes import answers
from scripts.n8n.bring_up import EXPORT, MAIN, WEBHOOK, WORKER, only
from tests.kit.cloud import EmulatedCloud
from tests.kit.n8n import MAIN_PORT, WEBHOOK_PORT, code, metrics, wait, webhook, workflow
from tests.kit.n8n_site import QUICK, Live, live

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("n8n")]
PUBLISHED = "return [{json: {doubled: $input.first().json.body.n * 2}}]"
OF_ITS_LIBRARY = "Calling client.query() when the client is already executing a query"
"""Node's word on n8n's own use of a library, which no setting of ours brings or takes away."""


@pytest.fixture(scope="module")
def n8n(tmp_path_factory: pytest.TempPathFactory, emulated_cloud: EmulatedCloud) -> Iterator[Live]:
    """A region's n8n with one worker and three workflows."""
    with live(tmp_path_factory.mktemp("n8n"), emulated_cloud.endpoint) as made:
        editor = made.editor()
        editor.publish(workflow("double", [webhook("double", at_once=False), code(1, PUBLISHED)]))
        slow = [webhook("slow", at_once=True), wait(1, 5), code(2, "return [{json: {took: $('Webhook').first().json.body.n}}]")]
        editor.publish(workflow("slow", slow))
        for path in ("double", "slow"):
            within(20, lambda path=path: made.call(path, {"n": 0})[0] == 200)  # type: ignore[misc]
        within(30, lambda: set(made.statuses(0).values()) == {"success"})
        yield made


def within(seconds: float, so: Callable[[], Any]) -> Any:
    """Wait until it is so, and fail when it is not in time."""
    deadline = time.monotonic() + seconds
    while not (found := so()):
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.2)
    return found


def test_a_webhook_is_answered_by_a_worker_and_its_task_runner(n8n: Live) -> None:
    before = n8n.newest()
    assert n8n.call("double", {"n": 21}) == (200, {"doubled": 42})
    within(5, lambda: list(n8n.statuses(before).values()) == ["success"])
    assert "Worker started execution" in n8n.site.log(f"{WORKER}-0/n8n").read_text()
    assert "Worker started execution" not in n8n.site.log(f"{WEBHOOK}-0/n8n").read_text()


def test_the_database_is_reached_through_the_pooler_as_a_role_that_sees_its_own_schema_alone(n8n: Live) -> None:
    told = n8n.deployed.environment()
    assert n8n.site.addresses.names[told["DB_POSTGRESDB_HOST"]] == n8n.site.addresses.by_owner["pgbouncer-0"]
    assert n8n.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'n8n' AND tableowner <> 'n8n'") == [(0,)]
    assert n8n.sql("SELECT count(*) > 50 FROM pg_tables WHERE schemaname = 'n8n'") == [(True,)]
    assert int(n8n.sql("SHOW server_version_num")[0][0]) >= 170000


def test_what_differs_from_the_cluster_is_told(n8n: Live) -> None:
    told = n8n.site.differences
    assert {f"{name}-0/n8n" for name in (MAIN, WEBHOOK, WORKER)} <= told.keys()
    assert any("throw-away authority" in each for each in told[f"{MAIN}-0/n8n"])
    assert any("stand-in" in each for each in told[f"{WORKER}-0/runners"])
    assert any("QUEUE_WORKER_LOCK_DURATION" in each and "asked for" in each for each in told[f"{WORKER}-0/n8n"])
    assert not any("PASSWORD" in each or "KEY=" in each for of in told.values() for each in of), "a difference must show no secret"


def test_no_process_prints_a_deprecation(n8n: Live) -> None:
    logs = {path.name: path.read_text() for path in (n8n.site.folder / "logs").glob("n8n-*.log")}
    assert {f"{name}-0.n8n.log" for name in (MAIN, WEBHOOK, WORKER)} <= logs.keys()
    found = [f"{name}: {line}" for name, text in logs.items() for line in text.splitlines() if "deprecat" in line.lower()]
    assert [line for line in found if OF_ITS_LIBRARY not in line and "trace-deprecation" not in line] == []


def test_every_metric_of_n8n_that_rules_and_dashboards_name_is_served_where_prometheus_reads(n8n: Live) -> None:
    named = named_metrics(n8n.site.objects)
    assert {"n8n_workflow_execution_duration_seconds_count", "n8n_instance_role_leader", "n8n_scaling_mode_queue_jobs_waiting"} <= named
    within(30, lambda: named <= scraped_metrics(n8n))
    assert "n8n_queue_job_dequeued_total" in scraped_metrics(n8n)


def scraped_metrics(n8n: Live) -> set[str]:
    """Return what is served by the pods that a PodMonitor names, on its port and by its scheme."""
    found: set[str] = set()
    for running in n8n.deployed.running.values():
        for monitor in n8n.site.objects.kinds("PodMonitor", namespace=n8n.deployed.namespace):
            (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
            is_n8n = endpoint["path"] == "/metrics" and running.alive
            if is_n8n and monitor["spec"]["selector"]["matchLabels"].items() <= running.pod.labels.items():
                found |= metrics(running.address, endpoint["portNumber"], tls=endpoint["scheme"] == "https")
    return found


def named_metrics(objects: Objects) -> set[str]:
    """Return the metrics of n8n in expressions of rules, and in panels of dashboards."""
    texts = [json.dumps(each["spec"]) for each in objects.kinds("PrometheusRule")]
    texts += [text for each in objects.kinds("ConfigMap") for text in (each.get("data") or {}).values() if '"panels"' in text]
    return {found for text in texts for found in re.findall(r"\bn8n_[a-z0-9_]+(?=[\s{\[)\\\"]|$)", text) if not found.endswith("_by")}


def test_only_webhooks_are_behind_the_public_entry_and_not_the_editor(n8n: Live) -> None:
    entry = only(n8n.site, "TargetGroupBinding", "n8n")
    assert entry["spec"]["serviceRef"] == {"name": WEBHOOK, "port": WEBHOOK_PORT}
    assert answers(n8n.webhook_address, WEBHOOK_PORT)
    assert not answers(n8n.webhook_address, MAIN_PORT), "the pods that the public reaches must not serve the editor"
    assert not answers(n8n.main_address, WEBHOOK_PORT)
    status, _ = n8n.call("../rest/login", {"emailOrLdapLoginId": "owner@example.com", "password": "x"})
    assert status == 404


def test_nothing_is_lost_when_a_worker_is_killed_in_the_middle(n8n: Live) -> None:
    before, first = n8n.newest(), n8n.deployed.running[f"{WORKER}-0"]
    for number in range(3):
        assert n8n.call("slow", {"n": number})[0] == 200
    within(10, lambda: list(n8n.statuses(before).values()) == ["running"] * 3)
    n8n.site.kill(first)
    assert not first.alive
    # One that nobody has taken yet, and one that its dead connection may have.
    assert n8n.call("slow", {"n": 3})[0] == 200
    n8n.deployed.start(WORKER, 1, QUICK)
    within(60, lambda: list(n8n.statuses(before).values()) == ["success"] * 4)
    kept = n8n.sql('SELECT data FROM execution_data WHERE "executionId" > %s ORDER BY "executionId"', before)
    assert [f'{{"n":{number}}}' in text or f'"n":{number}' in text for number, (text,) in enumerate(kept)] == [True] * 4


def test_a_worker_that_is_asked_to_end_finishes_what_it_runs(n8n: Live) -> None:
    name = next(name for name in (f"{WORKER}-1", f"{WORKER}-0") if name in n8n.deployed.running and n8n.deployed.running[name].alive)
    before = n8n.newest()
    assert n8n.call("slow", {"n": 7})[0] == 200
    within(10, lambda: list(n8n.statuses(before).values()) == ["running"])
    assert not n8n.site.stop(n8n.deployed.running[name], patience=60), "it had to be killed"
    assert list(n8n.statuses(before).values()) == ["success"]


def test_workflows_and_credentials_come_back_from_the_daily_export_with_the_escrowed_key_alone(
    n8n: Live, emulated_cloud: EmulatedCloud
) -> None:
    secret = {"user": "canary", "password": "Sings-1"}
    canary = n8n.editor().ask("POST", "/rest/credentials", {"name": "canary", "type": "httpBasicAuth", "data": secret})["id"]
    names = n8n.sql("SELECT name FROM workflow_entity ORDER BY name")
    bucket = exported(n8n, emulated_cloud)
    assert canary in {key.rpartition("/")[2].removesuffix(".json") for key in bucket}
    assert not [key for key, text in bucket.items() if "Sings-1" in text], "credentials leave as encrypted as they are stored"

    for table in ("credentials_entity", "workflow_entity"):
        n8n.sql(f"TRUNCATE {table} CASCADE")
    for key, text in bucket.items():
        place = n8n.deployed.main_files / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    workflows = ("import:workflow", "--separate", "--input=/tmp/n8n/workflows", "--activeState=fromJson")
    for command in (("import:credentials", "--separate", "--input=/tmp/n8n/credentials"), workflows):
        done = n8n.deployed.in_main(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert n8n.sql("SELECT name FROM workflow_entity ORDER BY name") == names

    decrypt, made = ("export:credentials", f"--id={canary}", "--decrypted", "--output=/tmp/canary.json"), n8n.deployed.files / "canary.json"
    assert n8n.deployed.command(*decrypt).returncode == 0
    assert json.loads(made.read_text())[0]["data"] == secret
    made.unlink()
    other = n8n.deployed.command(*decrypt, told={"N8N_ENCRYPTION_KEY": "another-" * 5})
    assert "Sings-1" not in (made.read_text() if made.exists() else "") + other.stdout + other.stderr


def exported(n8n: Live, cloud: EmulatedCloud) -> dict[str, str]:
    """Run the CronJob's own containers, and return what is then in the bucket that it is given."""
    job = only(n8n.site, "CronJob", EXPORT)
    env = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["env"]
    told = {each["name"]: each.get("value") for each in env}
    s3 = cloud.boto("s3", "us-east-1")
    s3.create_bucket(Bucket=told["BUCKET"])
    s3.put_bucket_versioning(Bucket=told["BUCKET"], VersioningConfiguration={"Status": "Enabled"})
    for done in n8n.site.run("CronJob", n8n.deployed.namespace, EXPORT):
        assert done.returncode == 0, done.stdout + done.stderr
    listed = s3.list_objects_v2(Bucket=told["BUCKET"])["Contents"]
    return {each["Key"]: s3.get_object(Bucket=told["BUCKET"], Key=each["Key"])["Body"].read().decode() for each in listed}
