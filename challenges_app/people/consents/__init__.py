"""Consents: what was agreed to for a person, by whom, and since when."""
