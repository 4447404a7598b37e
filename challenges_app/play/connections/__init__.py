"""Connections: accounts at vendors' clouds from which a person's steps are fetched."""
