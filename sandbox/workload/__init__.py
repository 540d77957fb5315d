"""Containers of rendered manifests run as processes on loopback: environment, files, addresses and secrets, without a container engine.

It reads Kubernetes objects as data and knows nothing of the program that rendered them.
"""
