"""Deviations: they open and close by themselves, and people say why and what is done."""
