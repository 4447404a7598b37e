"""Twins: stand-ins that behave as other organisations' services publish, for demos and tests; none holds real data."""
