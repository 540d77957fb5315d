"""What `pulumi` runs: one stack of the estate, composed from its configuration."""

import gc


def run() -> None:
    """Load the program and compose the selected stack."""
    # The SDK's classes are many and live to the end; collecting garbage while they load takes as long as loading them.
    gc.disable()
    from stacks.compose import main

    gc.freeze()
    gc.enable()
    main()


run()
