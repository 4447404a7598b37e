"""Parks: what one is, the file they are kept in, how it is made from facts and polygons, and what is wrong in it."""
