"""Meeting: how two who stand beside each other become companions, and how that ends."""
