"""Trackers: how well each of the roads by which steps come is doing, for staff; no person in it."""
