"""What `pulumi` runs: one stack of the estate, composed from its configuration."""

from stacks.start import main

main()
