"""Places and movement, as pure functions: parks, fences, plausibility, collectibles, the index."""
