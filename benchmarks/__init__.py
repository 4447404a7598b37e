"""What the system costs, measured: each module is one measurement, run by hand and never part of the tests."""
