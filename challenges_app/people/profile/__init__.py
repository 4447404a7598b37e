"""Profile: what somebody sees and changes about their own account."""
