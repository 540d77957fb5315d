"""Where data is kept: the database, the cache, buckets and the shared file system."""
