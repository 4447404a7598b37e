"""The ledger: every point and every coin anybody ever got, one row each, only ever appended."""
