"""What `pulumi` runs: one stack of the estate, composed from its configuration."""

from stacks.compose import main

main()
