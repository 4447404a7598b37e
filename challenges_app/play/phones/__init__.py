"""Phones: apps that push somebody's steps by themselves, each with a key of its own."""
