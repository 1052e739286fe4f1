"""What is uploaded is known by its content, and nothing of its file but the picture is kept."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data import photos
from tests.pixels import PDF, SECRET, from_a_phone, jpeg, png, png_that_claims, webp


def read(content):
    return Image.open(io.BytesIO(content))


def test_nothing_of_a_phones_file_but_the_picture_is_stored():
    sent = from_a_phone()
    assert SECRET in sent
    found = photos.admitted(sent)
    for stored in (found.content, found.small):
        assert SECRET not in stored
        opened = read(stored)
        assert not opened.getexif()
        assert not {"icc_profile", "exif", "comment", "xmp"} & set(opened.info)


def test_a_sideways_photo_is_stored_upright():
    found = photos.admitted(from_a_phone((64, 48), orientation=6))
    assert (found.width, found.height) == (48, 64)
    assert read(found.content).size == (48, 64)


def test_a_large_photo_is_made_smaller_and_has_a_small_copy():
    found = photos.admitted(jpeg((5200, 2600)))
    assert (found.width, found.height) == (2560, 1280)
    assert max(read(found.small).size) == photos.SMALL_SIDE


@pytest.mark.parametrize(
    "content",
    [jpeg(), png(), webp(), png(mode="L", colour=7), png(mode="P", colour=1),
     png(mode="I;16", colour=900), png(mode="LA", colour=(9, 9))],
)  # fmt: skip
def test_every_form_becomes_one(content):
    found = photos.admitted(content)
    assert found.media_type == "image/jpeg"
    assert read(found.content).format == "JPEG"
    assert photos.admitted(content) == found


def test_what_is_see_through_becomes_white():
    assert read(photos.admitted(png()).content).getpixel((5, 5)) == (255, 255, 255)


def test_a_paper_is_kept_as_it_is():
    found = photos.admitted(PDF)
    assert (found.content, found.media_type, found.small) == (PDF, "application/pdf", None)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", photos.EmptyUpload),
        (PDF + b"\0" * photos.MAX_BYTES, photos.TooLarge),
        (png_that_claims(8000, 5001), photos.TooManyPixels),
        (png_that_claims(10_000, 9_000), photos.TooManyPixels),
        (png_that_claims(60_000, 60_000), photos.TooManyPixels),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", photos.UnknownContent),
        (b"<html><script>alert(1)</script>", photos.UnknownContent),
        (b"GIF89a" + b"\0" * 50, photos.UnknownContent),
        (b"MZ" + b"\0" * 50, photos.UnknownContent),
        (b" %PDF-1.4", photos.UnknownContent),
        (jpeg()[:200], photos.BrokenPicture),
        (b"\xff\xd8\xff" + b"<script>" * 50, photos.BrokenPicture),
        (png()[:60], photos.BrokenPicture),
        (png_that_claims(100, 100), photos.BrokenPicture),
    ],
)
def test_what_is_not_taken_in_says_why(content, error):
    with pytest.raises(photos.BadUpload) as caught:
        photos.admitted(content)
    assert type(caught.value) is error


@given(st.data())
def test_a_damaged_photo_is_refused_or_read_but_never_fatal(data):
    content = bytearray(data.draw(st.sampled_from([from_a_phone(), png(), webp()])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    photos.read_exif(bytes(content))
    try:
        found = photos.admitted(bytes(content))
    except photos.BadUpload:
        return
    assert read(found.content).format == "JPEG"


def test_place_and_time_are_offered_before_they_go():
    found = photos.read_exif(from_a_phone())
    assert (found.lon, found.lat) == (104.77, 29.375)
    assert found.taken_at == datetime(2026, 6, 17, 3, 30, tzinfo=UTC)


def test_a_cameras_own_zone_and_half_of_the_globe_count():
    found = photos.read_exif(from_a_phone(south="S", west="W", zone="+02:00"))
    assert (found.lon, found.lat) == (-104.77, -29.375)
    assert found.taken_at == datetime(2026, 6, 17, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "made",
    [
        {"lat": (0, 0, 0.0), "lon": (0, 0, 0.0)},
        {"lat": (91, 0, 0.0)},
        {"lat": None},
        {"lat": (1, 2)},
    ],
)
def test_a_place_that_cannot_be_is_not_offered(made):
    found = photos.read_exif(from_a_phone(**made))
    assert (found.lon, found.lat) == (None, None)
    assert found.taken_at is not None


@pytest.mark.parametrize("content", [b"", PDF, jpeg(), jpeg()[:50], png()])
def test_where_nothing_is_said_nothing_is_offered(content):
    assert photos.read_exif(content) is None


@pytest.mark.parametrize("taken", ["", "yesterday", "0000:00:00 00:00:00", "2026:13:01 00:00:00"])
def test_a_time_that_cannot_be_is_not_offered(taken):
    assert photos.read_exif(from_a_phone(taken=taken)).taken_at is None
