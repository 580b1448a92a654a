"""What is told to a person whose formula cannot be understood."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that is not one. ``position`` counts characters from 1; the text is one Russian sentence."""

    def __init__(self, reason: str, position: int) -> None:
        self.position = position
        super().__init__(f"{reason} (знак {position}).")
