"""Reads across models, with typed results."""
