-- The figures of the business, for all tenants at once and without a person in them (OBS-3). The exporter may call this and read no table.
--
-- What automations write as `metric_type` into their tenant's metrics:
--   lead        value: how many leads were worked on
--   conversion  value: how many of them became customers
--   csat        value: one answer, 1 to 5
--   revenue     value: an amount in the tenant's currency
-- Times without rows give 0 where there is something to count, and no row where there is nothing to average.
CREATE FUNCTION platform.business_metrics() RETURNS TABLE (tenant text, market text, tier text, figure text, value numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, platform AS $$
DECLARE
    its platform.tenants;
BEGIN
    FOR its IN SELECT * FROM platform.tenants ORDER BY name LOOP
        -- A tenant that is being made has no tables yet.
        CONTINUE WHEN to_regclass(format('%I.metrics', its.schema)) IS NULL;
        RETURN QUERY EXECUTE format($query$
            WITH recent AS MATERIALIZED (
                SELECT m.metric_type, m.value, m.timestamp FROM %1$I.metrics m
                WHERE m.timestamp > now() - interval '30 days' AND m.metric_type IN ('lead', 'conversion', 'csat', 'revenue')
            ), figures (figure, value) AS (
                SELECT 'leads_hour', coalesce(sum(r.value), 0) FROM recent r
                WHERE r.metric_type = 'lead' AND r.timestamp > now() - interval '1 hour'
                UNION ALL SELECT 'leads_day', coalesce(sum(r.value), 0) FROM recent r
                WHERE r.metric_type = 'lead' AND r.timestamp > now() - interval '1 day'
                UNION ALL SELECT 'conversions_day', coalesce(sum(r.value), 0) FROM recent r
                WHERE r.metric_type = 'conversion' AND r.timestamp > now() - interval '1 day'
                UNION ALL SELECT 'csat_week', avg(r.value) FROM recent r
                WHERE r.metric_type = 'csat' AND r.timestamp > now() - interval '7 days'
                UNION ALL SELECT 'revenue_month', coalesce(sum(r.value), 0) FROM recent r WHERE r.metric_type = 'revenue'
                UNION ALL SELECT 'customers', count(*)::numeric FROM %1$I.customers c
            )
            SELECT $1, $2, $3, f.figure, f.value FROM figures f WHERE f.value IS NOT NULL
        $query$, its.schema) USING its.name, its.market, its.tier;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION platform.business_metrics() FROM PUBLIC;
GRANT USAGE ON SCHEMA platform TO exporter;
GRANT EXECUTE ON FUNCTION platform.business_metrics() TO exporter;
