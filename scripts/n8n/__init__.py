"""n8n run for real: what the rendered manifests deploy, as processes on loopback, on a real database and a real queue."""
