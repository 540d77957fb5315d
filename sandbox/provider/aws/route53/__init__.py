"""DNS: hosted zones, their records, health checks (Route 53)."""
