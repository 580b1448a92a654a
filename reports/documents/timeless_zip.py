"""Office files that say nothing about when and where they were made."""

from __future__ import annotations

import io
import re
import zipfile

# An archive must carry some date; this is the earliest that ZIP knows.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def timeless(content: bytes) -> bytes:
    """The same archive packed again: one date for every entry and in the properties, the same rights everywhere."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # A regular file that its owner may write.
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            target.writestr(entry, part)
    return out.getvalue()
