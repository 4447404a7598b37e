"""Carers: offer somebody one's care, accept it, end it, and hide from a carer what they should not know."""
