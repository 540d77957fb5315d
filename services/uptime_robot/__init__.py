"""Brings the checks of UptimeRobot, which watches from outside, to what the configuration says (OBS-5)."""
