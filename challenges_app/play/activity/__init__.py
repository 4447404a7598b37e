"""Activity: steps as hours per source and day, and the days that count."""
