"""What a reader says when it cannot read."""

from __future__ import annotations


class UnreadableFile(Exception):
    """A file that holds not what was asked for, or must not be opened.

    The message is one Russian sentence for the person who chose the file: what is wrong and what to do.
    """
