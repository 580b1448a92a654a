"""What people type, read and judged field by field; what was typed is kept whatever is wrong with it."""
