"""Captures: from a fix in a park to a collectible in hand."""
