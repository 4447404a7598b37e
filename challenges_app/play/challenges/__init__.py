"""Challenges, the parks they designate and the drops they place."""
