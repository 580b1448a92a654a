"""Readers: one file of this folder for one layout of a passport, each making the same intermediate form."""
