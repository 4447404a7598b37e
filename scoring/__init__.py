"""What is worth how much, as pure functions: facts, awards, kinds of challenge, measures, places, seasons."""
