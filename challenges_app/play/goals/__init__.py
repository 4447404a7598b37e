"""Goals: what days of steps are worth in the challenges that count them."""
