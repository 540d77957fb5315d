"""Where the state of the stacks lives, and its snapshots (BDR-2)."""
