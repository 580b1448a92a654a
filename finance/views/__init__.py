"""Pages of the money of a project."""
