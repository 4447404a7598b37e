"""Access: which route and which thing is open to whom; what is not listed is closed."""
