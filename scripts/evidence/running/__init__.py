"""Reads what is running, so that the controls judge the cloud itself and not what a state remembers of it."""
