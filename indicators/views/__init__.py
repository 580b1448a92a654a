"""Pages of indicators. Each module is what one person does: read the passport, keep the catalogue, report, review."""
