"""The shell that Vault's own pods run; each script can be run any number of times."""

from components.platform.vault.names import TLS_FOLDER
from components.platform.vault.policies import MOUNT, OWN_POLICIES, OWN_ROLES, PREFIX

DOCUMENTS = "/documents"
TOKEN_FILE = "/var/run/secrets/vault/token"  # noqa: S105 - where the kubelet puts a token
SNAPSHOT_FILE = "/snapshot/vault.snap"
_SIGN_IN = f"""VAULT_TOKEN=$(vault write -field=token auth/kubernetes/login role="$ROLE" jwt=@{TOKEN_FILE})
export VAULT_TOKEN"""

WATCH = f"""set -eu
seen=$(sha256sum {TLS_FOLDER}/tls.crt)
while sleep "${{SECONDS_BETWEEN:-60}}"; do
  now=$(sha256sum {TLS_FOLDER}/tls.crt)
  if [ "$now" != "$seen" ]; then
    echo "the certificate was renewed: the server reads it anew"
    kill -HUP $(pidof vault)
    seen=$now
  fi
done
"""
"""Beside each server: a renewed certificate is used at once, without a restart.

Source: https://developer.hashicorp.com/vault/docs/configuration/listener/tcp#tls_cert_file
"""

CONFIGURE = f"""set -eu
if ! vault status >/dev/null 2>&1; then
  echo "Vault is not initialised or not open yet: see docs/guides/vault.md. Nothing was done."
  exit 0
fi
{_SIGN_IN}
for file in {DOCUMENTS}/policy.*.json; do
  [ -e "$file" ] || continue
  name=${{file##*/policy.}}; name=${{name%.json}}
  vault policy write "$name" "$file"
done
for file in {DOCUMENTS}/role.*.json; do
  [ -e "$file" ] || continue
  name=${{file##*/role.}}; name=${{name%.json}}
  vault write "auth/kubernetes/role/$name" @"$file"
done
vault policy list | grep '^{PREFIX}' | while read -r name; do
  [ -e "{DOCUMENTS}/policy.$name.json" ] || vault policy delete "$name"
done
(vault list auth/kubernetes/role || true) | grep '^{PREFIX}' | while read -r name; do
  [ -e "{DOCUMENTS}/role.$name.json" ] || vault delete "auth/kubernetes/role/$name"
done
vault token revoke -self
"""
"""Brings tenants' policies and roles into Vault, and takes out those of tenants that are gone."""

SAVE = f"""set -eu
{_SIGN_IN}
vault operator raft snapshot save {SNAPSHOT_FILE}
vault operator raft snapshot inspect {SNAPSHOT_FILE}
vault token revoke -self
"""
"""Takes a snapshot and reads it once through, so that one that is broken is no backup."""

CARRY = f"""set -eu
aws s3 cp {SNAPSHOT_FILE} "s3://$BUCKET/$PREFIX/$(date -u +%Y/%m/%d/%H%M%S).snap" --checksum-algorithm SHA256 --only-show-errors
"""


def bootstrap() -> str:
    """Return what a person runs once with the first token: audit, sign-in for pods, the tenants' mount, and our own policies and roles."""
    lines = [
        "set -eu",
        # The first of all: whatever is done after it is on record.
        "vault audit list 2>/dev/null | grep -q '^stdout/' || vault audit enable -path=stdout file file_path=stdout",
        "vault auth list | grep -q '^kubernetes/' || vault auth enable kubernetes",
        "vault write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc",
        f"vault secrets list | grep -q '^{MOUNT}/' || vault secrets enable -path={MOUNT} -version=2 kv",
    ]
    lines += [f"printf '%s' '{policy.document()}' | vault policy write {policy.name} -" for policy in OWN_POLICIES]
    lines += [f"printf '%s' '{role.document()}' | vault write auth/kubernetes/role/{role.name} -" for role in OWN_ROLES]
    return "\n".join([*lines, ""])
