"""Pictures: what is taken, what is left of it, and what is made to break a decoder."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from quizzes.formats.pictures import LONGEST_SIDE, MAX_BYTES, BadPicture, read_picture


def encoded(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    target = BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P", "1") else (200, 100, 50, 128)[: len(mode)]).save(
        target, kind, **options
    )
    return target.getvalue()


def why(data: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        read_picture(data)
    return caught.value.why


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_encoded_anew(kind: str) -> None:
    data = encoded(kind)
    picture = read_picture(data + b"<script>alert(1)</script>")
    assert (picture.width, picture.height, picture.content_type) == (40, 30, f"image/{kind.lower()}")
    assert b"script" not in picture.data
    with Image.open(BytesIO(picture.data)) as again:
        assert (again.format, again.size) == (kind, (40, 30))


@pytest.mark.parametrize(("mode", "kept"), [("RGBA", "RGBA"), ("L", "RGB"), ("P", "RGB"), ("1", "RGB")])
def test_every_sort_of_pixel(mode: str, kept: str) -> None:
    with Image.open(BytesIO(read_picture(encoded(mode=mode)).data)) as image:
        assert image.mode == kept


def test_nothing_is_left_of_what_stood_beside_the_pixels() -> None:
    exif = Image.Exif()
    exif[0x010F] = "canary-camera"
    exif.get_ifd(0x8825)[1] = "canary-place"
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "canary-comment")
    info.add_itxt("XML:com.adobe.xmp", "canary-xmp")
    for data in (
        encoded("JPEG", exif=exif, comment=b"canary-comment", icc_profile=b"canary-profile"),
        encoded("PNG", exif=exif, pnginfo=info, icc_profile=b"canary-profile"),
        encoded("WEBP", exif=exif.tobytes(), xmp=b"canary-xmp"),
    ):
        assert b"canary" in data
        picture = read_picture(data)
        assert b"canary" not in picture.data
        with Image.open(BytesIO(picture.data)) as again:
            assert not {"exif", "icc_profile", "xmp", "comment", "Comment"} & set(again.info)


def test_a_picture_is_turned_as_the_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read_picture(encoded("JPEG", size=(40, 20), exif=exif))
    assert (picture.width, picture.height) == (20, 40)


def test_what_is_larger_than_shown_is_made_smaller() -> None:
    picture = read_picture(encoded("JPEG", size=(4000, 3000)))
    assert (picture.width, picture.height) == (LONGEST_SIDE, 1200)
    assert read_picture(encoded(size=(5000, 1))).height == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        encoded("GIF"),
        encoded("BMP"),
        encoded("TIFF"),
        encoded("PPM"),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x00\x00\x00\x00WEBP",
    ],
)
def test_other_files_are_refused_whatever_they_are_called(data: bytes) -> None:
    assert why(data) == "kind"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_half_of_a_picture_is_none(kind: str) -> None:
    noise = Image.effect_noise((200, 200), 80)
    target = BytesIO()
    noise.save(target, kind)
    data = target.getvalue()
    assert why(data[: len(data) // 2]) in ("broken", "kind")


def test_a_flipped_bit_is_noticed_or_harmless() -> None:
    data = bytearray(encoded())
    for place in range(len(data)):
        data[place] ^= 0xFF
        with suppress(BadPicture):
            read_picture(bytes(data))
        data[place] ^= 0xFF


def test_too_many_bytes() -> None:
    assert why(encoded() + bytes(MAX_BYTES)) == "large"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large, and its pixels really come."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row * 1000) for _ in range(min(height, 20_000) // 1000)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (100_000, 100_000), (4_000, 4_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_read_to_its_head_only(size: tuple[int, int]) -> None:
    data = (
        bomb(min(size[0], 20_000), size[1])
        if size[0] <= 20_000
        else bomb(8, 8).replace(struct.pack(">II", 8, 8), struct.pack(">II", *size))
    )
    assert len(data) < MAX_BYTES
    assert why(data) in ("pixels", "kind")


def test_words_that_swell_are_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    data = encoded(pnginfo=info)
    assert len(data) < MAX_BYTES
    assert why(data) in ("broken", "kind")


def test_moving_pictures_are_refused() -> None:
    frames = [Image.new("RGB", (10, 10), (shade, 0, 0)) for shade in (0, 99, 200)]
    for kind in ("PNG", "WEBP"):
        target = BytesIO()
        frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=50)
        assert why(target.getvalue()) == "moving"


def test_a_picture_of_the_site_is_no_picture_file(tmp_path: Path) -> None:
    polyglot = encoded() + b"PK\x03\x04" + b"<?php ?>"
    assert b"php" not in read_picture(polyglot).data
