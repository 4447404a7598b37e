"""Walks: from fixes to presence in a park, judged as they come; positions stay in memory and are never stored."""
