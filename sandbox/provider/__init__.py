"""The sandbox's `aws` provider: Pulumi's provider protocol on one side, the emulated cloud on the other."""
