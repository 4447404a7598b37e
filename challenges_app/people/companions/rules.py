"""Decisions about companions: how long a code to meet lasts, and how many somebody may have."""

from datetime import timedelta

CODE_LASTS = timedelta(minutes=10)
MOST = 50  # of one person, those that wait among them
