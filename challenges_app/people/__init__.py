"""Who exists and who may do what: accounts, persons, families, schools, organisations, access."""
