"""Programs of the estate that run in the cloud and not on an operator's machine: each folder is one function."""
