"""Standings: the ledger added up by board, which can be thrown away and made again."""
