"""Text encodings of files from offices: UTF-8, UTF-16 or the GB family, told by their bytes."""

import codecs
from pathlib import Path
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_LDID_GBK: Final = 0x4D
_LDID_UNKNOWN: Final = {0x00, 0x57}


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Text of ``raw`` and the encoding it was in.

    A byte-order mark decides, else strict UTF-8, else GB 18030. Statistical guessers call short
    GBK files Korean or Big5 (3 of 5 wrong), so none is used. Bytes that fit nothing are replaced.
    """
    if encoding:
        return raw.decode(encoding, errors="replace"), encoding
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), name
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace"), "gb18030"


def dbf_encoding(shapefile: Path) -> str | None:
    """Tell the encoding of a Shapefile's table; ``None`` leaves it to what the files declare.

    Without a .cpg and without a language id GDAL would read ISO-8859-1 and give silent mojibake.
    """
    table = shapefile.with_suffix(".dbf")
    if shapefile.with_suffix(".cpg").is_file() or not table.is_file():
        return None
    raw = table.read_bytes()
    if len(raw) < 32:
        return None
    if raw[29] == _LDID_GBK:
        return "gb18030"
    return decode(raw[32:])[1].replace("utf-16", "utf-8") if raw[29] in _LDID_UNKNOWN else None
