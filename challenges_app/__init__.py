"""The running application of e+ Life: doors, rooms and the store behind them."""
