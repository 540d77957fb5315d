"""Simple Email Service, second version of its API: identities, configuration sets, and what is set for the account."""
