"""One region's Kubernetes cluster: control plane, nodes, add-ons and access (CMP-1 to CMP-3)."""
