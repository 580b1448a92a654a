"""A section of a passport as a table that a person edits: read for the page, written back from what was typed."""

from projects.passport.grid.columns import SECTIONS, Column, RowKind, Section
from projects.passport.grid.reading import Grid, GridRow, grid_of
from projects.passport.grid.writing import Refusal, TypedRow, Written, written

__all__ = [
    "SECTIONS",
    "Column",
    "Grid",
    "GridRow",
    "Refusal",
    "RowKind",
    "Section",
    "TypedRow",
    "Written",
    "grid_of",
    "written",
]
