"""The words of the event plan in templates."""
