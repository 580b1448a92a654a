"""Forms as workbooks: to be filled in where there is no line, and read back by the ids that they carry.

    form ──form_book──▶ .xlsx ──by hand──▶ .xlsx ──reading──▶ what was typed, cell by cell ──service──▶ the same gate
    forms of a municipality ──municipality_book──▶ …

Cells hold numbers and words of a list; which question and which form they belong to, signed marks in hidden cells say
(``marks``). Nothing here writes to the database.
"""
