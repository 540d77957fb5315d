-- Tables that are partitioned by month get their partitions ahead, and lose those whose time is over (DAT-3, COM-2).
CREATE FUNCTION platform.keep_partitions(in_schema name, in_table name, in_ahead integer DEFAULT 3, in_keep integer DEFAULT 13)
RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog SET timezone = 'UTC' AS $$
DECLARE
    this_month date := date_trunc('month', now())::date;
    first date;
    partition name;
    made integer := 0;
BEGIN
    IF in_ahead < 1 OR in_keep < 1 THEN
        RAISE EXCEPTION 'months ahead and months kept must be at least 1 (got % and %)', in_ahead, in_keep;
    END IF;
    FOR month IN 0 .. in_ahead LOOP
        first := this_month + make_interval(months => month);
        partition := format('%s_%s', in_table, to_char(first, 'YYYY_MM'));
        IF to_regclass(format('%I.%I', in_schema, partition)) IS NULL THEN
            EXECUTE format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)', in_schema, partition, in_table,
                first::timestamptz, (first + interval '1 month')::timestamptz);
            made := made + 1;
        END IF;
    END LOOP;
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = format('%I.%I', in_schema, in_table)::regclass
            AND c.relname < format('%s_%s', in_table, to_char(this_month - make_interval(months => in_keep), 'YYYY_MM'))
    LOOP
        EXECUTE format('DROP TABLE %I.%I', in_schema, partition);
    END LOOP;
    RETURN made;
END
$$;
