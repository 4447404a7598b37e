"""Arrivals: what came by itself, from phones that push and vendors that answer, kept before it is understood."""
