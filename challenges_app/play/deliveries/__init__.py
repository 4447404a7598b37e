"""Deliveries: files of steps, stored before they are understood, and read apart from everything else."""
