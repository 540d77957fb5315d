"""What runs in a cluster for all: its API, namespaces, flows, third-party software and what is built of them."""
