"""Devices: which browsers an account has signed in with before, and who is told of a new one."""
