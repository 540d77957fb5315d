"""n8n in queue mode: mains, webhook processors and workers with their task runners, and what surrounds them (N8N-1 to N8N-5)."""
