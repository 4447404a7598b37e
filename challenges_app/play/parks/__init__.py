"""Parks as they are shown and played."""
