"""Where each part of a project stands, and what the parts come to."""
