"""Takes new versions of functions back when an alarm rings during a rollout."""
