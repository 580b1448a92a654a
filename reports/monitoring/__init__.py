"""The monitoring report of a month, a quarter or a year: filled by itself, staff add only words."""
