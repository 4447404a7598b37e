"""Readings: what pupils' pedometers showed, as a teacher entered it for a class."""
