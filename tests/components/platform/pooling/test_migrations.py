"""The Jobs of one database as Kubernetes gets them; what they run is tested in tests/database."""

from typing import Any

from components.platform.pooling.migrations import ROLES, Migrations, MigrationsArgs, TenantRow
from tests.components.platform.made import an_image, assert_restricted, assert_sized
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

ACME = TenantRow(name="acme", market="US", tier="starter", connections=8, secret="tenants/acme/database")
JOB, CRON = "kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob"


def _made(**more: Any) -> Graph:
    args = {
        "namespace": "pgbouncer",
        "image": an_image("postgres"),
        "host": "db.example.org",
        "database": "morefocus",
        "files": {"migrate.sh": "true"},
        "tenants": [ACME],
        "roots": "PEM",
        "store": "secrets-manager",
        "master_secret": "arn:master",
        "master_user": "platform_admin",
        "role_secrets": {role: f"secret-{role}" for role in ROLES},
        "priority_class": "batch",
    }
    return record(lambda: Migrations("migrations-main", a_context(), MigrationsArgs(**{**args, **more})))


def name_of(graph: Graph) -> str:
    return str(graph.one(JOB).inputs["metadata"]["name"])


def test_a_job_is_another_one_when_a_file_or_a_tenant_changes_and_else_the_same() -> None:
    assert name_of(_made()) == name_of(_made())
    others = [_made(files={"migrate.sh": "false"}), _made(tenants=[]), _made(roots="OTHER"), _made(database="other")]
    assert len({name_of(graph) for graph in [_made(), *others]}) == 5


def test_the_job_is_told_of_each_tenant_and_has_its_password() -> None:
    graph = _made()
    assert graph.named("migrations-main-tenants").inputs["data"]["tenants"] == "acme US starter 8\n"
    data = {each["secretKey"]: each["remoteRef"]["key"] for each in graph.named("migrations-main-passwords").inputs["spec"]["data"]}
    assert data == {"master": "arn:master", "tenant.acme": "tenants/acme/database", **{role: f"secret-{role}" for role in ROLES}}


def test_its_pods_may_do_little_and_check_who_the_server_is() -> None:
    graph = _made()
    for template in (graph.one(JOB).inputs["spec"]["template"], graph.one(CRON).inputs["spec"]["jobTemplate"]["spec"]["template"]):
        pod = template["spec"]
        (container,) = pod["containers"]
        assert_restricted(pod["securityContext"], container["securityContext"])
        assert_sized(container["resources"])
        assert pod["automountServiceAccountToken"] is False
        told = {each["name"]: each["value"] for each in container["env"]}
        assert told["PGSSLMODE"] == "verify-full" and told["PGSSLROOTCERT"] == "/migrations/rds.pem"
        writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount["readOnly"]]
        assert writable == [told["TMPDIR"]]


def test_partitions_are_kept_daily_by_one_run_at_a_time() -> None:
    spec = _made().one(CRON).inputs["spec"]
    assert spec["schedule"].split()[2:] == ["*", "*", "*"] and spec["concurrencyPolicy"] == "Forbid"
    command = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"][-1]
    assert "platform.keep_partitions(schema, 'metrics')" in command


def test_no_password_stands_in_a_manifest() -> None:
    text = str([resource.inputs for resource in _made().resources if resource.custom])
    assert "PGPASSWORD=" not in text.replace('PGPASSWORD="$(cat /passwords/migrations)"', "")
