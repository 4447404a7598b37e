"""Companions: friends who met and scanned each other, and no more than that."""
