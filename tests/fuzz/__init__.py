"""Random and hostile input against everything that reads from outside; `EPLUS_FUZZ` scales how much of it."""
