"""Uploaded content, admitted by what it is: photos are drawn anew, papers are kept as they are.

A photo is decoded and encoded again, so nothing of its file is stored but the picture: no place,
no camera, no colour profile, nothing hidden behind it. What its EXIF says of place and time can
be read before, to be offered to the person who uploads it.
"""

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps

from rules.deadlines import CHINA

MAX_BYTES: Final = 15_000_000
MAX_PIXELS: Final = 40_000_000
SIDE: Final = 2560
"""Longest side of a stored photo; a page of A4 at 220 dots per inch."""
SMALL_SIDE: Final = 320
QUALITY: Final = 85
PHOTO: Final = "image/jpeg"
PAPER: Final = "application/pdf"
_FORMATS: Final = ("JPEG", "PNG", "WEBP")

log = logging.getLogger(__name__)


class BadUpload(ValueError):
    """Content that is not taken in."""


class EmptyUpload(BadUpload):
    """A file without content."""


class TooLarge(BadUpload):
    """More bytes than ``MAX_BYTES``."""


class TooManyPixels(BadUpload):
    """More pixels than ``MAX_PIXELS``, whatever the size of the file."""


class UnknownContent(BadUpload):
    """Neither a JPEG, PNG or WebP picture nor a PDF, whatever its name says."""


class BrokenPicture(BadUpload):
    """Begins like a picture and cannot be read as one."""


@dataclass(frozen=True)
class Admitted:
    """Content as it will be stored; ``small``, ``width`` and ``height`` are of photos."""

    content: bytes
    media_type: str
    small: bytes | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Offered:
    """What a photo says of itself: where in WGS 84 degrees, and when; either may be unknown."""

    lon: float | None
    lat: float | None
    taken_at: datetime | None


def admitted(content: bytes) -> Admitted:
    """Check content by itself and give it in the form in which it is stored.

    Raises
    ------
    EmptyUpload, TooLarge, TooManyPixels, UnknownContent, BrokenPicture
        If it is not taken in.
    """
    if not content:
        raise EmptyUpload
    if len(content) > MAX_BYTES:
        raise TooLarge
    if content.startswith(b"%PDF-"):
        return Admitted(content, PAPER)
    if not _looks_like_a_photo(content):
        raise UnknownContent
    try:
        return _drawn_anew(content)
    except BadUpload:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels from bomb
    except Exception as error:
        # What a decoder raises on bytes made to break it is not for anyone to list.
        raise BrokenPicture from error


def _looks_like_a_photo(content: bytes) -> bool:
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or webp


def _drawn_anew(content: bytes) -> Admitted:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise TooManyPixels
        opened.thumbnail((SIDE, SIDE))
        upright = ImageOps.exif_transpose(opened)
    photo = _on_white(upright)
    stored = _encoded(photo)
    photo.thumbnail((SMALL_SIDE, SMALL_SIDE))
    width, height = upright.size
    return Admitted(stored, PHOTO, _encoded(photo), width, height)


def _on_white(picture: Image.Image) -> Image.Image:
    """Picture in colours alone: what shone through is white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _encoded(photo: Image.Image) -> bytes:
    out = io.BytesIO()
    # A new image has no info, so neither EXIF nor profile nor comment is written.
    bare = Image.new("RGB", photo.size)
    bare.paste(photo)
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def read_exif(content: bytes) -> Offered | None:
    """Give place and time that a photo carries, or ``None``; nothing that is made up is fatal."""
    if len(content) > MAX_BYTES or not _looks_like_a_photo(content):
        return None
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            exif = opened.getexif()
            place = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
            taken_at = _taken(exif.get_ifd(ExifTags.IFD.Exif))
    except Exception:
        log.info("the EXIF of a photo cannot be read", exc_info=True)
        return None
    if place is None and taken_at is None:
        return None
    lon, lat = place or (None, None)
    return Offered(lon, lat, taken_at)


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180):
        return None
    # Cameras without a fix write zeros.
    return (lon, lat) if (lon, lat) != (0.0, 0.0) else None


def _degrees(parts: Any, reference: Any, negative: str) -> float | None:
    """Degrees from degrees, minutes and seconds."""
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        found: float = sum(float(part) / 60.0**n for n, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not isfinite(found):
        return None
    return round(-found if str(reference).strip("\0 ").upper() == negative else found, 6)


def _taken(exif: dict[int, Any]) -> datetime | None:
    """Moment of the picture; a camera that names no zone shows the time in China."""
    said = str(exif.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    zone = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    for text, form in ((f"{said}{zone}", "%Y:%m:%d %H:%M:%S%z"), (said, "%Y:%m:%d %H:%M:%S")):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=CHINA)
    return None
