"""Files from outside: the gate before any parser, and the sheets of a workbook. Knows neither Django nor a database."""
