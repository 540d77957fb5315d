"""What `pulumi` runs: one stack of the estate, composed from its configuration."""

import gc

gc.disable()  # until all is loaded; `stacks.start` says why, and enables it again

from stacks.start import main  # noqa: E402

main()
