"""Publishes builds of the web client, switches between them, and goes back."""
