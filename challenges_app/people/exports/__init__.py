"""Exports: everything that is known about a person as a file."""
