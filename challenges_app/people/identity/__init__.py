"""Identity: how surely it is known who a person is, and how that was found out."""
