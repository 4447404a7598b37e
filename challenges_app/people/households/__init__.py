"""Households: families who play together."""
