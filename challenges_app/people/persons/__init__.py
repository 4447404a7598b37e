"""Persons: the people themselves, who may have no account of their own."""
