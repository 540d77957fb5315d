"""What the stacks hold, read from the resources that the real program registers."""
