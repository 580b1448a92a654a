"""Documents out: the passport and other datasets as PDF, workbook and CSV, pure functions of a frozen snapshot."""
