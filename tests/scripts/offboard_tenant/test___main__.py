"""A tenant is ended on the emulated cloud and a real PostgreSQL: exported, erased, and proven gone, or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.load import load
from scripts.offboard_tenant.__main__ import application
from scripts.offboard_tenant.holdings import Holdings, holdings_of
from scripts.offboard_tenant.proof import is_genuine
from tests.database.made import Place, a_place, running
from tests.kit.cloud import EmulatedCloud
from tests.kit.cloud import running as cloud_running
from tests.kit.tenants import a_tenant, with_tenants

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@dataclass(frozen=True)
class Scene:
    """A tenant with something everywhere, and another beside it."""

    root: Path
    folder: Path
    place: Place
    cloud: EmulatedCloud
    holdings: Holdings

    def run(self, step: str, *more: str) -> tuple[int, str]:
        reached = {who: self.place.server.dsn(self.place.database, who, f"{who}Password1") for who in ("migrations", "n8n")}
        arguments = [step, "acme", "--folder", str(self.folder), "--database", reached["migrations"], "--project", str(self.root)]
        flows = ["--n8n", reached["n8n"]] if step != "prove" else ["--by", "platform", "--records", str(self.root / "records")]
        done = CliRunner().invoke(application, [*arguments, *flows, *more])
        return done.exit_code, done.output

    def removed_by_the_program(self) -> None:
        """What `make up` does once the file is gone."""
        self.cloud.boto("s3", "us-east-1").delete_bucket(Bucket=self.holdings.bucket)
        self.cloud.boto("iam", "us-east-1").delete_role(RoleName=self.holdings.role)


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedCloud]:
    """The emulated cloud."""
    with cloud_running(tmp_path_factory.mktemp("cloud")) as found:
        yield found


@pytest.fixture
def scene(tmp_path: Path, emulated: EmulatedCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A tenant that has rows, a workflow, files in versions, a secret and a role."""
    emulated.reset()
    for key, value in {"ENDPOINT_URL": emulated.endpoint, "ACCESS_KEY_ID": "123456789012", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{key}", value)
    root = with_tenants(tmp_path / "root", a_tenant("acme"), a_tenant("acme-labs"))
    settings = load("us-east-1", root=root)
    mine, theirs = (holdings_of(settings, tenant) for tenant in settings.tenants)
    with running() as server, a_place(server, tmp_path, "morefocus") as place:
        place.migrate("acme US starter 5", "acme-labs US starter 5")
        _rows(place)
        for each in (mine, theirs):
            _in_the_cloud(each)
        yield Scene(root, tmp_path / "export", place, emulated, mine)


def _rows(place: Place) -> None:
    for name in ("acme", "acme-labs"):
        with place.tenant(name) as connection:
            (customer,) = connection.execute(
                "INSERT INTO customers (company_name, contact_email, market, tier) "
                "VALUES ('A, \"B\"', 'a@example.com', 'US', 'starter') RETURNING id"
            ).fetchone() or (None,)
            connection.execute(
                "INSERT INTO automations (customer_id, workflow_id, name) VALUES (%s, %s, 'leads')", (customer, f"of-{name}")
            )
    with place.connect("n8n") as n8n:
        n8n.execute("CREATE TABLE workflow_entity (id text PRIMARY KEY, name text, nodes jsonb)")
        n8n.execute("INSERT INTO workflow_entity VALUES ('of-acme', 'leads', '[]'), ('of-acme-labs', 'leads', '[]')")


def _in_the_cloud(holdings: Holdings) -> None:
    import boto3

    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=holdings.bucket, ObjectLockEnabledForBucket=True)
    for body in (b"first", b"second"):
        s3.put_object(Bucket=holdings.bucket, Key="reports/a", Body=body)
    s3.put_object(Bucket=holdings.bucket, Key="gone", Body=b"x")
    s3.delete_object(Bucket=holdings.bucket, Key="gone")
    boto3.client("secretsmanager", region_name="us-east-1").create_secret(Name=f"{holdings.secrets}database", SecretString="{}")
    boto3.client("iam", region_name="us-east-1").create_role(RoleName=holdings.role, AssumeRolePolicyDocument=TRUST)


def test_what_is_a_tenants_is_taken_out_whole_and_with_its_hashes(scene: Scene) -> None:
    code, said = scene.run("export")
    assert code == 0, said
    manifest: dict[str, Any] = json.loads((scene.folder / "manifest.json").read_text())
    assert manifest["rows"] == {"automations": 1, "customers": 1, "metrics": 0} and manifest["objects"] == 1 and manifest["workflows"] == 1
    assert '"A, ""B"""' in (scene.folder / "tables/customers.csv").read_text()
    assert (scene.folder / "objects/00000000").read_bytes() == b"second"
    assert [each["id"] for each in json.loads((scene.folder / "workflows.json").read_text())] == ["of-acme"]
    assert len(json.loads((scene.folder / "objects.json").read_text())) == 4
    assert scene.run("export")[0] == 1, "a folder that holds an export is not written over"


def test_nothing_is_erased_that_was_not_exported_or_confirmed_or_was_changed_since(scene: Scene) -> None:
    assert scene.run("erase", "--confirm", "acme")[0] == 1
    scene.run("export")
    assert "--confirm must be 'acme'" in scene.run("erase", "--confirm", "yes")[1]
    (scene.folder / "tables/customers.csv").write_text("other")
    assert "is not as it was exported" in scene.run("erase", "--confirm", "acme")[1]
    with scene.place.tenant("acme") as connection:
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (1,)


def test_a_tenant_is_erased_proven_gone_and_its_neighbour_untouched(scene: Scene) -> None:
    scene.run("export")
    code, said = scene.run("erase", "--confirm", "acme")
    assert code == 0 and "config/tenants/acme.yaml is removed" in said, said
    code, said = scene.run("prove")
    assert code == 1 and f"bucket {scene.holdings.bucket}: it exists" in said and f"role {scene.holdings.role}: it exists" in said
    assert "schema" not in said and "secrets" not in said and "objects" not in said
    scene.removed_by_the_program()
    code, said = scene.run("prove")
    assert code == 0, said
    (record,) = (scene.root / "records").iterdir()
    told = json.loads(record.read_text())
    assert is_genuine(record) and told["signed_off_by"] == "platform" and len(told["looked_at"]) == 10
    assert told["not_looked_at"] == ["namespace tenant-acme: no kubeconfig was given"]
    record.write_text(record.read_text().replace("platform", "somebody"))
    assert not is_genuine(record)
    _neighbour_is_there(scene)


def _neighbour_is_there(scene: Scene) -> None:
    with scene.place.tenant("acme-labs") as connection:
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (1,)
    assert scene.place.rows("SELECT id FROM n8n.workflow_entity") == [("of-acme-labs",)]
    s3, secrets = scene.cloud.boto("s3", "us-east-1"), scene.cloud.boto("secretsmanager", "us-east-1")
    other = scene.holdings.bucket + "-labs"
    assert s3.get_object(Bucket=other, Key="reports/a")["Body"].read() == b"second"
    names = [each["Name"] for each in secrets.list_secrets()["SecretList"]]
    assert names == [scene.holdings.secrets.replace("acme/", "acme-labs/") + "database"]
    assert (scene.root / "config/tenants/acme-labs.yaml").exists()


def test_what_is_locked_is_named_kept_and_keeps_the_tenant_from_being_proven_gone(scene: Scene) -> None:
    s3 = scene.cloud.boto("s3", "us-east-1")
    until = datetime.now(UTC) + timedelta(days=3)
    s3.put_object(Bucket=scene.holdings.bucket, Key="kept", Body=b"k", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until)
    scene.run("export")
    code, said = scene.run("erase", "--confirm", "acme")
    assert code == 1 and "kept version" in said and f"locked until {until:%Y-%m-%d}" in said
    assert (scene.root / "config/tenants/acme.yaml").exists(), "the file stays until all is erased"
    code, said = scene.run("prove")
    assert code == 1 and f"objects of {scene.holdings.bucket}: 1" in said


def test_a_tenant_that_nobody_knows_is_not_ended(scene: Scene) -> None:
    (scene.root / "config/tenants/acme.yaml").unlink()
    assert "no tenant is called acme" in scene.run("export")[1]
