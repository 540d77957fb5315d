"""Who signs in: user pools and what belongs to them (Cognito)."""
