"""Departure: everything about a person as a file, and leaving for good."""
