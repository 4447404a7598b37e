"""Organisations and the roles that accounts hold in them."""
