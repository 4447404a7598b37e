"""Sign-ups: how somebody comes to an account of their own, and back to it without the password."""
