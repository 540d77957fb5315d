"""Contains what a severe finding names: cuts an instance off and keeps its evidence, and disables a stolen access key (SEC-8)."""
