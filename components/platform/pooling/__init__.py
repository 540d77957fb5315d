"""PgBouncer between PostgreSQL and its clients, and the Jobs that keep its schemas (DAT-3, DAT-7)."""
