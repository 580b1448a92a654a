"""Pages of projects, their redactions, uploads and change requests."""
