"""Sessions: signing in, signing out, and how the screens greet whoever is signed in."""
