"""Players: a random id for each person who plays, so that the game never needs to know a name."""
