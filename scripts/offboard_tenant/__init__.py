"""Ends a tenant: exports what is its, erases it, and proves that it is gone (TEN-1, COM-2)."""
