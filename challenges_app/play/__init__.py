"""The game, e+ Life: parks, challenges, captures, ledger, boards, live."""
