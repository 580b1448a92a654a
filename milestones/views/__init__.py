"""Pages of event plans."""
