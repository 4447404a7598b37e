"""Decisions about consents: what may be agreed to."""

from typing import Literal

About = Literal["play"]
