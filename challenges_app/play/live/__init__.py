"""Live: tells browsers that a board has changed, and nothing else."""
