"""The three passports of the demo region as ``passport/1`` documents: words by hand, sums and numbering computed."""

from reports.demo.passports import digital, town, warm

DIGITAL, WARM, TOWN = "digital", "warm", "town"
PASSPORTS = {DIGITAL: digital.passport, WARM: warm.passport, TOWN: town.passport}

__all__ = ["DIGITAL", "PASSPORTS", "TOWN", "WARM"]
