"""Thumbnail pages: what is where, letterboxes, damaged images, speed."""

import io

import numpy as np
import pytest
from PIL import Image

from nbinterp.data import ProbeSet
from nbinterp.render.pages import COLUMNS, GREY, letterbox, thumbnail_page, thumbnail_sheet


def opened(jpeg):
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB")).astype(int)


def tile_of(page, place, tile):
    row, column = divmod(place, COLUMNS)
    return page[row * tile : (row + 1) * tile, column * tile : (column + 1) * tile]


def shades(n, height=20, width=20):
    """Images whose grey value tells their number."""
    values = (np.arange(n) * 7 % 250).astype(np.uint8)
    return ProbeSet.from_arrays(values[:, None, None] + np.zeros((n, height, width), np.uint8))


def test_every_image_is_on_its_page_and_place():
    probe = shades(70)
    seen = []
    for page, (first, count) in enumerate([(0, 30), (30, 30), (60, 10)]):
        jpeg, meta = thumbnail_page(probe, page, tile=16, per_page=30)
        whole = [[0, 0, 1, 1]] * count
        assert meta == {"tile": 16, "columns": COLUMNS, "first": first, "count": count, "boxes": whole}
        pixels = opened(jpeg)
        assert pixels.shape == (-(-count // COLUMNS) * 16, COLUMNS * 16, 3)
        seen += [tile_of(pixels, place, 16).mean() for place in range(count)]
    assert np.abs(np.array(seen) - np.arange(70) * 7 % 250).max() < 3


def test_a_sheet_holds_the_images_named_in_their_order():
    chosen = [69, 3, *range(40, 66)]
    jpeg, meta = thumbnail_sheet(shades(70), chosen, tile=16)
    assert (meta["count"], "first" in meta, len(meta["boxes"])) == (28, False, 28)
    pixels = opened(jpeg)
    seen = [tile_of(pixels, place, 16).mean() for place in range(28)]
    assert np.abs(np.array(seen) - np.array(chosen) * 7 % 250).max() < 3
    with pytest.raises(ValueError, match="at least one image"):
        thumbnail_sheet(shades(5), [])


@pytest.mark.parametrize(
    ("height", "width", "box"), [(20, 40, (8, 0, 24, 32)), (40, 10, (0, 12, 32, 20)), (5, 5, (0, 0, 32, 32))]
)
def test_aspect_ratio_is_kept_on_grey(height, width, box):
    probe = ProbeSet.from_arrays([np.full((height, width, 3), (250, 30, 30), np.uint8)])
    page, meta = thumbnail_page(probe, 0, tile=32)
    square = tile_of(opened(page), 0, 32)
    top, left, bottom, right = box
    assert meta["boxes"] == [[left / 32, top / 32, (right - left) / 32, (bottom - top) / 32]]
    inside = np.zeros((32, 32), bool)
    inside[top:bottom, left:right] = True
    is_red = square[..., 0] - square[..., 1] > 100
    assert (is_red == inside).mean() > 0.97
    if not inside.all():
        assert np.abs(square[~inside] - GREY).mean() < 12


def test_damaged_images_give_a_cross(tmp_path):
    for index in range(3):
        Image.new("RGB", (30, 30), "white").save(tmp_path / f"{index}.png")
    (tmp_path / "1.png").write_bytes(b"")
    pixels = opened(thumbnail_page(ProbeSet.from_folder(tmp_path), 0, tile=64)[0])
    good, crossed = (tile_of(pixels, place, 64) for place in (0, 1))
    assert good.min() > 245
    assert crossed[32, 32].max() < 100 and np.abs(crossed[32, :10] - GREY).max() < 12


def test_pages_and_sizes_out_of_range_are_refused():
    probe = shades(31)
    for page in (-1, 2):
        with pytest.raises(IndexError, match="31 images fill the pages 0 to 1"):
            thumbnail_page(probe, page, per_page=30)
    with pytest.raises(ValueError, match="at least 1, got 0 and 500"):
        thumbnail_page(probe, 0, tile=0)


def test_letterbox_centres():
    square = letterbox(np.zeros((2, 6, 3), np.uint8), 6, grey=9)
    assert square[:, 0, 0].tolist() == [9, 9, 0, 0, 9, 9]
