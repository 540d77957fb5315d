-- Whom PgBouncer lets in. RDS shows nobody pg_authid, so the verifiers that roles have are kept beside it; the two are the same, since
-- PgBouncer signs in at the server with what the client proved (DAT-7).
-- Source: https://www.pgbouncer.org/config.html#auth_query, https://www.pgbouncer.org/config.html#authentication-file-format
CREATE TABLE platform.logins (
    role name PRIMARY KEY,
    verifier text NOT NULL CHECK (verifier LIKE 'SCRAM-SHA-256$%'),
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- What PgBouncer asks; it can call this and read nothing. A role that may not sign in, or not for long any more, is none.
CREATE FUNCTION platform.login(in_role text) RETURNS TABLE (usename name, passwd text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
    SELECT l.role, l.verifier FROM platform.logins l JOIN pg_catalog.pg_roles r ON r.rolname = l.role
    WHERE l.role = in_role AND r.rolcanlogin AND (r.rolvaliduntil IS NULL OR r.rolvaliduntil > now());
$$;
GRANT USAGE ON SCHEMA platform TO pgbouncer;
GRANT EXECUTE ON FUNCTION platform.login(text) TO pgbouncer;

CREATE FUNCTION platform.record_login(in_role name, in_verifier text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, platform AS $$
    INSERT INTO platform.logins (role, verifier) VALUES (in_role, in_verifier)
    ON CONFLICT (role) DO UPDATE SET verifier = excluded.verifier, changed_at = now();
$$;

-- Gives a role its verifier, here and at the server.
CREATE FUNCTION platform.set_login(in_role name, in_verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, platform AS $$
BEGIN
    EXECUTE format('ALTER ROLE %I PASSWORD %L', in_role, in_verifier);
    PERFORM platform.record_login(in_role, in_verifier);
END
$$;
