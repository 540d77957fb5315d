"""What tells people and machines how the estate is: alerts, alarms and audit trails (SEC-8, OBS-4)."""
