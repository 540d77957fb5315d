"""REST APIs, their stages, plans and domains (API Gateway, v1)."""
