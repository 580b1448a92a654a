"""The register of organisations as a workbook: its columns, reading it, checking it, and what it would change.

    workbook ──reading──▶ rows of words ──checking──▶ rows ──planning──▶ what changes ──services.register──▶ register

Nothing here writes.
"""
