"""Who asked to be forgotten, and when; what happens then is in departure."""
