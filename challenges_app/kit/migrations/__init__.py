"""How the database came to be: one file for each change, named by its date and words."""
