"""Accounts: credentials and sessions, and no health data."""
