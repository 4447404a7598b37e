"""Where steps come from: what providers yield, how it becomes a day, and one file for each tracker."""
