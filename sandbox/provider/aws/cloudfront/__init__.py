"""Content delivery: distributions and what they are put together from (CloudFront)."""
