"""A tenant: its place in the cluster, in storage and in the database, apart from all others (TEN-1, TEN-2)."""
