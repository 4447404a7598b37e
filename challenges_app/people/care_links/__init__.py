"""Care links: who looks after whom, outside the household's own guardians, and how far that goes."""
