"""Backups that survive the loss of a region, of a key's holder and of a mistake (BDR-1, BDR-6)."""
