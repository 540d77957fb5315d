"""What the estate must be: controls, the packs that hold them, and the gate that judges a graph of resources."""
