"""Tests of the score of controls."""
