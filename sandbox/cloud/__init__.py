"""The emulated AWS: moto behind one loopback port, with a memory of interrupted operations and faults on request."""
