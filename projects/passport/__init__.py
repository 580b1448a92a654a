"""The passport as a document: a kernel without Django that reads, checks and describes passports.

>>> from projects.passport import check, read
>>> passport = read("паспорт.docx")
>>> findings = check(passport)
"""

from jobs.files.errors import UnreadableFile
from projects.passport.checks import check
from projects.passport.reading import read
from projects.passport.schema import Finding, Passport

__all__ = ["Finding", "Passport", "UnreadableFile", "check", "read"]
