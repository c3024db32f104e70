"""Synthetic data for the demonstration: fictitious States, invented people, staff as roles."""

from cases.demo.people import DEMO_USERS

__all__ = ["DEMO_USERS"]
