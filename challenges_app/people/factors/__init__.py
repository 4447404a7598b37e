"""Factors: what proves who somebody is besides a password: passkeys, codes of an app, and codes on paper."""
