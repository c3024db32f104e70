"""Starts what the house needs on a machine with only Python: its servers, its doors."""
