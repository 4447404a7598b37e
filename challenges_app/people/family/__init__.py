"""Family: what guardians and their households do here, children's accounts above all."""
