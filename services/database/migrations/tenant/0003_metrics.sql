-- What automations achieved: many rows, read by time, so one partition a month (DAT-3). The time is part of the key, as PostgreSQL asks
-- of a partitioned table; migrate.sh and a CronJob keep partitions ahead.
CREATE TABLE metrics (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    automation_id uuid NOT NULL REFERENCES automations (id) ON DELETE CASCADE,
    metric_type varchar(100) NOT NULL CHECK (metric_type <> ''),
    value decimal(15, 4) NOT NULL,
    timestamp timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, timestamp)
) PARTITION BY RANGE (timestamp);
CREATE INDEX metrics_automation ON metrics (automation_id, metric_type, timestamp);
CREATE INDEX metrics_time ON metrics USING brin (timestamp);
