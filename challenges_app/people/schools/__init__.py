"""Schools, their classes and their pupils."""
