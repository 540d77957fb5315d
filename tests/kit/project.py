"""A small Pulumi project with a sandbox of its own, driven through the commands a person types."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
ACCOUNTS = {"hub": "111122223333", "west": "111122223333", "south": "444455556666"}
REGIONS = {"hub": "us-east-1", "west": "eu-west-1", "south": "sa-east-1"}
WAVES = 'waves = [["hub"], ["west", "south"]]'

PROGRAM = """
import json
import os

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.kms.key import Key
from pulumi_aws.s3.bucket import Bucket

STACK = pulumi.get_stack()
SETTINGS = pulumi.Config()
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Group", name)
        mine = pulumi.ResourceOptions(parent=self)
        self.key = Key(f"{name}-key", description=f"{name} {SETTINGS.get('words') or ''}", opts=mine)
        self.bucket = Bucket(f"{name}-bucket", bucket=f"demo-{STACK}-{name}", opts=mine)
        self.role = Role(f"{name}-role", name=f"demo-{STACK}-{name}", assume_role_policy=document(TRUST), opts=mine)
        RolePolicy(f"{name}-policy", role=self.role.id, policy=document(READ), opts=mine)
        self.register_outputs({})


if STACK != "hub":
    hub = pulumi.StackReference(f"organization/{pulumi.get_project()}/hub")
    pulumi.export("hub", hub.get_output("bucket"))
for number in range(SETTINGS.get_int("groups") or 2):
    group = Group(f"g{number}")
pulumi.export("bucket", group.bucket.arn)
pulumi.export("secret", pulumi.Output.secret("hush"))
"""


@dataclass
class Project:
    """The project in `folder`. Its commands run in processes of their own, with plain lines for output."""

    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def write(self, program: str = PROGRAM, **settings: object) -> None:
        """(Re)writes the program, and the settings of every stack."""
        (self.folder / "__main__.py").write_text(program)
        for stack, account in ACCOUNTS.items():
            lines = [f"aws:region: {REGIONS[stack]}", f'aws:allowedAccountIds: ["{account}"]']
            lines += [f"demo:{name}: {value}" for name, value in settings.items()]
            (self.folder / f"Pulumi.{stack}.yaml").write_text("config:\n" + "".join(f"  {line}\n" for line in lines))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts a command, as `make` does, in a process group of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments, "--project", str(self.folder)],
            cwd=REPOSITORY,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        process = self.start(*arguments, **environment)
        output, _ = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    def succeed(self, *arguments: str, **environment: str) -> str:
        """Runs a command that has to succeed; gives its output."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def shell(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a line of shell in the sandbox's environment, as after `eval "$(make -s env)"`."""
        environment = subprocess.run(
            [sys.executable, "-m", "sandbox", "env", "--project", str(self.folder)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        script = f"{environment.stdout}\n{command}"
        return subprocess.run(["sh", "-c", script], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)

    @property
    def status(self) -> dict[str, Any]:
        """What `status --json` says."""
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", "status", "--json", "--project", str(self.folder)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        described: dict[str, Any] = json.loads(done.stdout)
        return described

    @property
    def endpoint(self) -> str:
        """The emulated cloud's address, as the sandbox wrote it down."""
        return f"http://127.0.0.1:{json.loads((self.folder / '.sandbox/run/cloud.json').read_text())['port']}"

    def processes(self, role: str) -> list[psutil.Process]:
        """Living processes of the sandbox with that role: engine, language-host, program, provider or cloud."""
        notes = [json.loads(path.read_text()) for path in (self.folder / ".sandbox/run/processes").glob("*.json")]
        found = [psutil.Process(note["pid"]) for note in notes if note["role"] == role and psutil.pid_exists(note["pid"])]
        return [process for process in found if alive(process)]

    def boto(self, service: str, stack: str) -> Any:
        """A boto3 client that knows nothing of ours, in the stack's account and region."""
        return boto3.client(
            service,
            region_name=REGIONS[stack],
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCOUNTS[stack],
            aws_secret_access_key="any",
        )

    def in_the_cloud(self, stack: str) -> dict[str, list[str]]:
        """What boto3 finds of this stack: names of buckets and roles, descriptions of usable keys."""
        kms = self.boto("kms", stack)
        keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
        prefix = f"demo-{stack}-"
        return {
            "buckets": sorted(b["Name"] for b in self.boto("s3", stack).list_buckets()["Buckets"] if b["Name"].startswith(prefix)),
            "roles": sorted(r["RoleName"] for r in self.boto("iam", stack).list_roles()["Roles"] if r["RoleName"].startswith(prefix)),
            "keys": sorted(k["Description"].strip() for k in keys if k["KeyState"] == "Enabled" and k["KeyManager"] == "CUSTOMER"),
        }

    def expected(self, stack: str, groups: int = 2) -> dict[str, list[str]]:
        """What there should be."""
        names = sorted(f"g{number}" for number in range(groups))
        return {"buckets": [f"demo-{stack}-{n}" for n in names], "roles": [f"demo-{stack}-{n}" for n in names], "keys": names}


@contextmanager
def project(folder: Path) -> Iterator[Project]:
    """A project in an empty folder; afterwards nothing of it runs."""
    made = Project(folder)
    (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (folder / "pyproject.toml").write_text(f"[tool.sandbox]\n{WAVES}\n")
    made.write()
    try:
        yield made
    finally:
        for process in made.started:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(60)
        # Without its cloud there is nothing to destroy, which is quick.
        for cloud in made.processes("cloud"):
            cloud.kill()
        made.run("down", "--force")


def alive(process: psutil.Process) -> bool:
    """False also for a process that ended and that nobody has collected."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition: Any, seconds: float = 60.0) -> Any:
    """Waits until the condition gives something true, and gives that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise TimeoutError(f"not so after {seconds} s")
