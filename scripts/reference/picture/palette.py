"""The colours, one place for all."""

PAGE = "#ffffff"
FRAME = "#d1d9e0"
PANEL = "#f6f8fa"
CARD = "#ffffff"
INK = "#1f2328"
MUTED = "#59636e"
HUB = "#bc4c00"
HUB_FILL = "#fff6ec"
HUB_FRAME = "#f2c894"

NETWORK = "#8250df"
COMPUTE = "#d4620b"
DATABASE = "#b83280"
STORAGE = "#4d7c0f"
SECURITY = "#cf222e"

TIERS = {
    "public": ("#ecf7ef", "#bfe3ca", "#1a7f37"),
    "private": ("#ebf3fe", "#bcd7f8", "#0756b3"),
    "isolated": ("#f4effd", "#d9caf5", "#6b3fc0"),
}
"""Fill, frame and ink of each tier of subnets."""

CLASSES = {
    "personal": "#cf222e",
    "credentials": "#bf8700",
    "operational": "#0969da",
    "logs": "#6e7781",
    "public": "#1a7f37",
}
"""Colour of each class of data."""
