-- Runs first, as the master user, at every run: the roles of the platform, who may connect, and the record of migrations (DAT-3).
-- All of it is safe to run twice. Passwords are set by migrate.sh, as SCRAM verifiers.
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('morefocus-bootstrap'));

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['migrations', 'n8n', 'application', 'exporter', 'pgbouncer'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOINHERIT', wanted);
            -- A master user that is no superuser makes a schema for a role only as its member.
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO migrations, n8n, application, exporter, pgbouncer', current_database());
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO migrations WITH GRANT OPTION', current_database());
    -- n8n says CREATE SCHEMA IF NOT EXISTS of its own schema at every start, which asks for the right also where the schema is there.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO n8n', current_database());
END
$$;

-- What changes schemas also makes the roles of tenants.
ALTER ROLE migrations CREATEROLE INHERIT;
ALTER ROLE exporter INHERIT;
GRANT pg_monitor TO exporter;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS platform AUTHORIZATION migrations;
CREATE SCHEMA IF NOT EXISTS n8n AUTHORIZATION n8n;
ALTER ROLE n8n SET search_path = n8n;
-- n8n asks for none itself, since a pooler refuses to be asked; this is what it would ask for.
ALTER ROLE n8n SET statement_timeout = '5min';
ALTER ROLE application SET search_path = platform;

SET LOCAL ROLE migrations;

CREATE TABLE IF NOT EXISTS platform.migrations (
    scope text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL,
    checksum text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text NOT NULL DEFAULT current_user,
    PRIMARY KEY (scope, version)
);
COMMENT ON TABLE platform.migrations IS 'What was run: scope is platform, or the schema of a tenant';

-- Whether a file is still to be run. One that was run and reads otherwise now, or comes before one that was run, is refused.
CREATE OR REPLACE FUNCTION platform.is_pending(in_scope text, in_version integer, in_name text, in_checksum text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, platform AS $$
DECLARE
    known platform.migrations;
    newest integer;
BEGIN
    SELECT * INTO known FROM platform.migrations m WHERE m.scope = in_scope AND m.version = in_version;
    IF FOUND AND (known.checksum, known.name) IS DISTINCT FROM (in_checksum, in_name) THEN
        RAISE EXCEPTION 'migration % of % was run as % with checksum %, and is now % with %', in_version, in_scope, known.name,
            known.checksum, in_name, in_checksum USING HINT = 'restore the file as it was, and write the change as a new migration';
    END IF;
    IF FOUND THEN
        RETURN false;
    END IF;
    SELECT max(m.version) INTO newest FROM platform.migrations m WHERE m.scope = in_scope;
    IF newest > in_version THEN
        RAISE EXCEPTION 'migration % (%) of % comes before %, which was run already', in_version, in_name, in_scope, newest
            USING HINT = 'give it a number after the newest';
    END IF;
    RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION platform.was_run(in_scope text, in_version integer, in_name text, in_checksum text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, platform AS $$
    INSERT INTO platform.migrations (scope, version, name, checksum) VALUES (in_scope, in_version, in_name, in_checksum);
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA platform FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA platform FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA platform REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMIT;
