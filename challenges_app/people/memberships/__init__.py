"""Memberships: who holds which role in an organisation, invitations by a code, joining and leaving."""
