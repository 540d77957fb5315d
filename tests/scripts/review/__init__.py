"""Tests of the review of a merge request."""
