"""Archives that say nothing about when and where they were made."""

from __future__ import annotations

import io
import zipfile

# An archive must carry some date; this is the earliest that ZIP knows.
EPOCH = (1980, 1, 1, 0, 0, 0)


def timeless(content: bytes) -> bytes:
    """The same archive packed again: one date for every entry, the same rights on every system."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # A regular file that its owner may write.
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()
