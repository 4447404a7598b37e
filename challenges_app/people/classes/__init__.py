"""Classes: what teachers do with theirs, and how pupils join one."""
