"""Small pictures for tests: with a place and a time in their EXIF, sideways, see-through, huge."""

import io
import struct
import zlib

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SECRET = b"SECRET-SERIAL-4711"


def jpeg(size=(64, 48), colour="red", exif=None, **more):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif or Image.Exif(), **more)
    return out.getvalue()


def from_a_phone(size=(64, 48), *, lat=(29, 22, 30.0), lon=(104, 46, 12.0), south="N", west="E",
                 taken="2026:06:17 11:30:00", zone="", orientation=1):  # fmt: skip
    """Photo as a phone takes it: place, time, make, serial number, profile, orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    if lat is not None:
        gps.update({1: south, 2: lat, 3: west, 4: lon})
    when = exif.get_ifd(0x8769)
    if taken:
        when[0x9003] = taken
    if zone:
        when[0x9011] = zone
    when[0xA431] = SECRET.decode()
    return jpeg(size, exif=exif, icc_profile=SECRET * 10, comment=SECRET)


def png(size=(40, 30), *, mode="RGBA", colour=(0, 0, 255, 0)):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def webp(size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "WEBP")
    return out.getvalue()


def png_that_claims(width, height):
    """PNG of a few bytes whose header promises any size."""

    def chunk(kind, body):
        found = kind + body
        return struct.pack(">I", len(body)) + found + struct.pack(">I", zlib.crc32(found))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )  # fmt: skip
