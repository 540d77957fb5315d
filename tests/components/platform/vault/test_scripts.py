"""Runs the shell for real, against a `vault` that keeps policies and roles in files and does what the real one answers."""

import os
import subprocess
from pathlib import Path

import pytest

from components.platform.vault.policies import TenantAccess, tenant_policy, tenant_role
from components.platform.vault.scripts import CONFIGURE, DOCUMENTS, SAVE, SNAPSHOT_FILE, TOKEN_FILE, WATCH, bootstrap

STAND_IN = """#!/bin/sh
echo "$*" >> "$STATE/calls"
case "$1 $2" in
  "status ") [ ! -e "$STATE/sealed" ] ;;
  "write -field=token") [ "$3" = auth/kubernetes/login ] && echo "token-of-$ROLE" ;;
  "policy write") [ "$4" = - ] && cat > "$STATE/policy/$3" || cp "$4" "$STATE/policy/$3" ;;
  "policy list") printf 'default\\n'; ls "$STATE/policy" ;;
  "policy delete") rm "$STATE/policy/$3" ;;
  "list auth/kubernetes/role") printf 'Keys\\n----\\n'; ls "$STATE/role" ;;
  "write auth/kubernetes/role/"*) case "$3" in -) cat > "$STATE/role/${2##*/}" ;; *) cp "${3#@}" "$STATE/role/${2##*/}" ;; esac ;;
  "delete auth/kubernetes/role/"*) rm "$STATE/role/${2##*/}" ;;
  "audit list" | "auth list" | "secrets list") [ -e "$STATE/enabled" ] && printf 'stdout/\\nkubernetes/\\ntenants/\\n' || true ;;
esac
"""


class _Vault:
    """A `vault` on the search path, and what it holds."""

    def __init__(self, folder: Path) -> None:
        self.state, self.documents = folder / "state", folder / "documents"
        for each in (self.state / "policy", self.state / "role", self.documents, folder / "bin"):
            each.mkdir(parents=True)
        program = folder / "bin" / "vault"
        program.write_text(STAND_IN, encoding="utf-8")
        program.chmod(0o755)
        self._path = f"{folder / 'bin'}:{os.environ['PATH']}"

    def run(self, script: str) -> str:
        here = script.replace(DOCUMENTS, str(self.documents))
        environment = {"PATH": self._path, "STATE": str(self.state), "ROLE": "vault-configuration"}
        done = subprocess.run(["sh", "-c", here], env=environment, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout

    def give(self, *tenants: str) -> None:
        """Lay down the documents of tenants, as the config map does, and of no other."""
        for each in self.documents.iterdir():
            each.unlink()
        for tenant in tenants:
            role = tenant_role(TenantAccess(tenant=tenant, namespace=f"tenant-{tenant}", service_account="app"))
            (self.documents / f"policy.tenant-{tenant}.json").write_text(tenant_policy(tenant).document(), encoding="utf-8")
            (self.documents / f"role.{role.name}.json").write_text(role.document(), encoding="utf-8")

    @property
    def calls(self) -> list[str]:
        file = self.state / "calls"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def names(self, kind: str) -> list[str]:
        return sorted(each.name for each in (self.state / kind).iterdir())


@pytest.fixture
def vault(tmp_path: Path) -> _Vault:
    return _Vault(tmp_path)


def test_tenants_get_their_policies_and_roles_and_lose_them_when_they_are_gone(vault: _Vault) -> None:
    vault.give("acme", "beta")
    vault.run(CONFIGURE)
    assert vault.names("policy") == vault.names("role") == ["tenant-acme", "tenant-beta"]
    assert (vault.state / "policy" / "tenant-acme").read_text(encoding="utf-8") == tenant_policy("acme").document()
    vault.give("beta")
    vault.run(CONFIGURE)
    assert vault.names("policy") == vault.names("role") == ["tenant-beta"]


def test_the_last_tenant_loses_its_access_as_well(vault: _Vault) -> None:
    vault.give("acme")
    vault.run(CONFIGURE)
    vault.give()
    vault.run(CONFIGURE)
    assert vault.names("policy") == vault.names("role") == []


def test_policies_of_others_are_left_alone_and_the_token_is_given_back(vault: _Vault) -> None:
    (vault.state / "policy" / "operators").write_text("{}", encoding="utf-8")
    vault.give("acme")
    vault.run(CONFIGURE)
    assert vault.names("policy") == ["operators", "tenant-acme"]
    assert vault.calls[-1] == "token revoke -self"


def test_a_vault_that_nobody_has_initialised_is_no_failure(vault: _Vault) -> None:
    (vault.state / "sealed").touch()
    vault.give("acme")
    assert "docs/guides/vault.md" in vault.run(CONFIGURE)
    assert vault.calls == ["status"] and vault.names("policy") == []


def test_the_first_steps_put_everything_on_record_first_and_can_be_repeated(vault: _Vault) -> None:
    vault.run(bootstrap())
    changing = [call for call in vault.calls if "list" not in call]
    assert changing[0] == "audit enable -path=stdout file file_path=stdout"
    assert vault.names("policy") == vault.names("role") == ["vault-configuration", "vault-snapshots"]
    (vault.state / "enabled").touch()
    before = len(vault.calls)
    vault.run(bootstrap())
    assert not [call for call in vault.calls[before:] if "enable" in call]


def test_a_snapshot_is_read_through_before_it_counts(vault: _Vault) -> None:
    vault.run(SAVE)
    steps = [call for call in vault.calls if "snapshot" in call]
    assert steps == [f"operator raft snapshot save {SNAPSHOT_FILE}", f"operator raft snapshot inspect {SNAPSHOT_FILE}"]
    assert f"jwt=@{TOKEN_FILE}" in vault.calls[0]


def test_a_renewed_certificate_is_read_anew_and_an_old_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    (folder / "tls.crt").write_text("old", encoding="utf-8")
    # The certificate changes in the second round, and the watch ends with the fourth.
    changing = f"sleep() {{ n=$((n+1)); [ $n -eq 2 ] && echo new > {folder}/tls.crt; [ $n -lt 4 ]; }}"
    rounds = f'n=0; {changing}; pidof() {{ echo 7; }}; kill() {{ echo "kill $*"; }}\n'
    script = rounds + WATCH.replace("/vault/tls", str(folder))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.count("kill -HUP 7") == 1
