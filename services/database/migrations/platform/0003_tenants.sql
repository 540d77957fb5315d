-- Tenants: a schema and a role each, and nothing that one could see of another (TEN-1, DAT-3).
CREATE TABLE platform.tenants (
    name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
    schema name NOT NULL UNIQUE,
    market text NOT NULL CHECK (market IN ('US', 'EU', 'BR', 'AR')),
    tier text NOT NULL CHECK (tier IN ('starter', 'professional', 'enterprise')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE platform.erasures (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    schema name NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now(),
    erased_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE platform.erasures IS 'That a tenant was erased, and when: nothing of the tenant itself but the schema''s name';

-- Sets updated_at, whoever writes.
CREATE FUNCTION platform.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Makes a tenant's schema and role, or brings both to what is said now; returns the schema. The schema belongs to the one who migrates:
-- a tenant uses its tables and changes none.
CREATE FUNCTION platform.provide_tenant(in_name text, in_market text, in_tier text, in_connections integer) RETURNS name
LANGUAGE plpgsql SET search_path = pg_catalog, platform AS $$
DECLARE
    its name := 'tenant_' || replace(in_name, '-', '_');
BEGIN
    INSERT INTO platform.tenants (name, schema, market, tier) VALUES (in_name, its, in_market, in_tier)
    ON CONFLICT (name) DO UPDATE SET market = excluded.market, tier = excluded.tier, updated_at = now()
        WHERE (tenants.market, tenants.tier) IS DISTINCT FROM (excluded.market, excluded.tier);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = its) THEN
        EXECUTE format('CREATE ROLE %I LOGIN NOCREATEDB NOCREATEROLE NOINHERIT', its);
    END IF;
    EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', its, in_connections);
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', its);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), its);
    EXECUTE format('GRANT USAGE ON SCHEMA %1$I TO %1$I', its);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I', its);
    EXECUTE format('ALTER ROLE %1$I SET search_path = %1$I', its);
    -- What a tenant's pool lends out comes back, whatever a query does.
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', its, '60s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', its, '30s');
    RETURN its;
END
$$;

-- Erases a tenant: tables, schema, login and role, and its row. Returns whether there was anything.
CREATE FUNCTION platform.erase_tenant(in_name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, platform AS $$
DECLARE
    its name := 'tenant_' || replace(in_name, '-', '_');
    there boolean := EXISTS (SELECT FROM pg_namespace WHERE nspname = its) OR EXISTS (SELECT FROM pg_roles WHERE rolname = its);
BEGIN
    DELETE FROM platform.logins WHERE role = its;
    DELETE FROM platform.tenants WHERE name = in_name;
    DELETE FROM platform.migrations WHERE scope = its;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', its);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = its) THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), its);
        EXECUTE format('DROP ROLE %I', its);
    END IF;
    IF there THEN
        INSERT INTO platform.erasures (schema) VALUES (its);
    END IF;
    RETURN there;
END
$$;
