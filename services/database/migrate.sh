#!/bin/sh
# Brings one database to what the files say: roles, then the platform's migrations, then each tenant's. Safe to run twice and by two at once:
# a lock lets one run at a time, each migration is one transaction with its record, and a file that changed since it was run is refused.
#
#   MIGRATIONS  folder of this script, bootstrap.sql, scram.pl and NNNN_*.sql, named <scope>.NNNN_<what>.sql or <scope>/NNNN_<what>.sql
#   PASSWORDS   folder with one file a login: the platform's roles by name, tenants' as tenant.<name>; `master` for the master user
#   TENANTS     file with a line a tenant: name, market, tier, connections
#   PGHOST PGPORT PGDATABASE PGSSLMODE PGSSLROOTCERT and MASTER_USER as psql knows them
set -eu
MIGRATIONS=${MIGRATIONS:-/migrations}
PASSWORDS=${PASSWORDS:-/passwords}
TENANTS=${TENANTS:-/tenants/tenants}
export PGAPPNAME=migrations PGOPTIONS="-c client_min_messages=warning -c lock_timeout=30s"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PGPASSFILE=$work/pass
export PGPASSFILE

say() { printf '%s\n' "$*" >&2; }
as() { # role, password file: whom psql signs in as from here on
    PGUSER=$1
    export PGUSER
    # A colon ends a field of that file, and a password that RDS makes may hold one.
    (umask 077 && printf '*:*:*:%s:%s\n' "$1" "$(sed 's/[\\:]/\\&/g' "$2")" >"$PGPASSFILE")
}
sql() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --no-align --tuples-only "$@"; }
LOCK="SELECT pg_advisory_lock(hashtext('morefocus-migrations'));"
locked() { # runs what it reads while no other run is at work: of two that change one role at a time PostgreSQL refuses one
    { printf '%s\n' "$LOCK"; cat; } | sql >/dev/null
}

files_of() { # scope: its migrations, in order
    find "$MIGRATIONS"/ -path "*/$1/[0-9][0-9][0-9][0-9]_*.sql" -o -name "$1.[0-9][0-9][0-9][0-9]_*.sql" | grep -v '/\.\.' | sort
}
plan() { # scope of the files, schema: psql's commands that run what is pending
    for file in $(files_of "$1"); do
        base=$(basename "$file" .sql)
        base=${base#"$1."}
        number=$(printf '%s' "${base%%_*}" | sed 's/^0*//')
        sum=$(sha256sum "$file" | cut -d' ' -f1)
        printf "SELECT platform.is_pending('%s', %s, '%s', '%s') AS pending \\\\gset\n" "$2" "$number" "$base" "$sum"
        printf '\\if :pending\nBEGIN;\nSET LOCAL search_path TO %s;\n\\i %s\n' "$2" "$file"
        printf "SELECT platform.was_run('%s', %s, '%s', '%s');\nCOMMIT;\n\\\\warn ran %s of %s\n\\\\endif\n" "$2" "$number" "$base" "$sum" "$base" "$2"
    done
}
verifier_of() { # role, password file: sets known and verifier, which are the same where the password has not changed
    known=$(sql --command "SET ROLE migrations" --command "SELECT verifier FROM platform.logins WHERE role = '$1'")
    verifier=$(perl "$MIGRATIONS/scram.pl" "$known" <"$2")
}

for needed in master migrations n8n application exporter pgbouncer; do
    [ -s "$PASSWORDS/$needed" ] || { say "$PASSWORDS/$needed has no password: wait for the secret, or write it"; exit 1; }
done
while read -r name _; do
    [ -z "$name" ] || [ -s "$PASSWORDS/tenant.$name" ] || { say "$PASSWORDS/tenant.$name has no password: wait for the tenant's secret"; exit 1; }
done <"$TENANTS"

as "${MASTER_USER:?names the master user}" "$PASSWORDS/master"
locked <"$MIGRATIONS/bootstrap.sql"
verifier=$(perl "$MIGRATIONS/scram.pl" <"$PASSWORDS/migrations")
printf "ALTER ROLE migrations PASSWORD '%s';\n" "$verifier" | locked

as migrations "$PASSWORDS/migrations"
plan platform platform | locked

# The one who made a role gives it its password: the master user those of the platform, and `migrations` those of tenants.
as "$MASTER_USER" "$PASSWORDS/master"
for role in n8n application exporter pgbouncer; do
    verifier_of "$role" "$PASSWORDS/$role"
    [ "$verifier" = "$known" ] || locked <<SQL
BEGIN;
ALTER ROLE $role PASSWORD '$verifier';
SET LOCAL ROLE migrations;
SELECT platform.record_login('$role', '$verifier');
COMMIT;
SQL
done

as migrations "$PASSWORDS/migrations"
while read -r name market tier connections; do
    [ -n "$name" ] || continue
    schema=tenant_$(printf '%s' "$name" | tr - _)
    printf "SELECT platform.provide_tenant('%s', '%s', '%s', %s);\n" "$name" "$market" "$tier" "$connections"
    plan tenant "$schema"
    printf "SELECT platform.keep_partitions('%s', 'metrics');\n" "$schema"
done <"$TENANTS" >"$work/plan"
locked <"$work/plan"
while read -r name _; do
    [ -n "$name" ] || continue
    role=tenant_$(printf '%s' "$name" | tr - _)
    verifier_of "$role" "$PASSWORDS/tenant.$name"
    [ "$verifier" = "$known" ] || printf "SELECT platform.set_login('%s', '%s');\n" "$role" "$verifier" | locked
done <"$TENANTS"
say "the database is as the files say"
