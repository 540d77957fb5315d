"""The sandbox's `kubernetes` provider: objects are checked as a cluster would, then recorded, or applied to a real API server."""
