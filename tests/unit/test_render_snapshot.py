"""Static pictures: points where they belong, text that fits, masks that darken, files that stay small."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nbinterp.render import drawing, snapshot
from nbinterp.render.colors import CATEGORICAL, NONE_COLOR, VIRIDIS, category_rgb, category_rgbs, sequential_rgb

# colours


def test_colors_are_those_of_the_browser():
    script = Path(__file__).parents[2] / "js" / "src" / "lib" / "palette.js"
    text = script.read_text()
    listed = re.search(r"CATEGORICAL = \[(.*?)\]", text, re.S)
    assert listed is not None and tuple(re.findall(r"#[0-9A-Fa-f]{6}", listed[1])) == CATEGORICAL
    none = re.search(r'NONE_COLOR = "(#\w+)"', text)
    assert none is not None and none[1].upper() == NONE_COLOR.upper()


def test_category_colors():
    assert len(set(CATEGORICAL)) == 12
    assert category_rgb(0) == (0x44, 0x77, 0xAA) == category_rgb(12) and category_rgb(-1) == (0x9A,) * 3
    codes = np.array([3, -1, 14, 3])
    assert category_rgbs(codes).tolist() == [list(category_rgb(int(code))) for code in codes]
    assert category_rgbs(np.array([], int)).shape == (0, 3)


def test_sequential_colors():
    assert VIRIDIS.shape == (256, 3) and VIRIDIS[0].tolist() == [68, 1, 84] and VIRIDIS[255].tolist() == [253, 231, 37]
    light = VIRIDIS.astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > -0.6).all() and light[-1] - light[0] > 150
    found = sequential_rgb(np.array([[2.0, 4.0], [np.nan, 3.0]]))
    assert found.shape == (2, 2, 3) and found[0, 0].tolist() == [68, 1, 84] and found[0, 1].tolist() == [253, 231, 37]
    assert found[1, 0].tolist() == [0x9A] * 3 and found[1, 1].tolist() == VIRIDIS[128].tolist()
    assert sequential_rgb(np.array([5.0, 5.0])).tolist() == [VIRIDIS[128].tolist()] * 2


# text


@pytest.fixture(params=["the font found here", "PIL's own font"])
def font(request, monkeypatch):
    drawing._font_path.cache_clear()
    drawing._font.cache_clear()
    if request.param == "PIL's own font":
        monkeypatch.setattr(drawing, "_FONTS", ())
    yield request.param
    drawing._font_path.cache_clear()
    drawing._font.cache_clear()


def test_text_is_cut_to_its_width_with_an_ellipsis(font):
    long = "English springer → cassette player"
    for width in (5, 20, 40, 77, 120, 400):
        short = drawing.shortened(long, width, 10)
        assert drawing.text_width(short, 10) <= width
        assert short == long or short == "" or (short.endswith("…") and long.startswith(short[:-1]))
    assert drawing.shortened(long, 400, 10) == long and drawing.shortened(long, 1, 10) == ""
    assert len(drawing.shortened(long, 120, 10)) > len(drawing.shortened(long, 60, 10)) > 4


def test_text_wraps_into_few_lines(font):
    lines = drawing.wrapped("English springer → cassette player", 72, 10, 2)
    assert len(lines) == 2 and lines[0].startswith("English") and lines[1].endswith("…")
    assert all(drawing.text_width(line, 10) <= 72 for line in lines)
    assert drawing.wrapped("cat", 72, 10, 2) == ["cat"] and drawing.wrapped("", 72, 10, 2) == [""]


def test_signs_the_font_lacks_are_replaced(font):
    plain = drawing.writable("a → b\n− × é…")
    assert plain == ("a -> b - x ?…" if font == "PIL's own font" else "a → b − × é…")


# pictures


def near(image, color, tolerance=24):
    return (np.abs(np.asarray(image).astype(int) - color).max(axis=2) <= tolerance).nonzero()


def test_points_lie_where_their_coordinates_say():
    coords = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 5.0], [np.nan, 3.0]])
    image = snapshot.scatter(coords, np.array([0, 1, 2, 0]), ["a", "b", "c"], size=(500, 300))
    plot = image.crop((0, 0, 940, image.height))  # without the legend
    (ya, xa), (yb, xb), (yc, xc) = (tuple(axis.mean() for axis in near(plot, category_rgb(code))) for code in range(3))
    assert xa < xb and abs(ya - yb) < 1.5 and abs(xb - xc) < 1.5 and yc < yb
    assert (yb - yc) / (xb - xa) == pytest.approx(0.5, abs=0.02)  # one scale for both axes


def test_selected_points_stand_out():
    coords, codes = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), np.array([0, 1, 2])
    image = snapshot.scatter(coords, codes, ["a", "b", "c"], selected=np.array([1])).crop((0, 0, 1000, 800))
    assert len(near(image, category_rgb(1))[0]) > 50
    assert len(near(image, category_rgb(0))[0]) == len(near(image, category_rgb(2))[0]) == 0


@pytest.mark.parametrize("n_classes", [1, 12, 60])
def test_legend_stays_inside_and_beside_the_plot(n_classes):
    rng = np.random.default_rng(0)
    codes = rng.integers(-1, n_classes, 400)
    names = [f"a class with a rather long name, number {i}" for i in range(n_classes)]
    image = snapshot.scatter(rng.normal(size=(400, 2)), codes, names, size=(560, 300), title="title " * 40)
    assert image.size == (2 * (560 + 24), 2 * (300 + 24 + 24))
    inner = np.asarray(image)[4:-4, 4:-4]
    margin = np.concatenate([inner[:, -16:].reshape(-1, 3), inner[-16:].reshape(-1, 3)])
    assert margin.min() == 255  # nothing runs into the card's margin


def test_numbers_get_a_color_bar():
    values = np.array([0.25, 4.5, np.nan], np.float32)
    image = snapshot.scatter(np.eye(3)[:, :2], values, ["largest activation"])
    for color in (VIRIDIS[0], VIRIDIS[255], category_rgb(-1)):
        assert len(near(image, color)[0]) > 50


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_or_equal_points_can_be_drawn(n):
    image = snapshot.scatter(np.full((n, 2), 7.5), np.zeros(n, int), ["image"])
    assert (len(near(image.crop((0, 0, 900, 780)), category_rgb(0))[0]) > 0) == (n > 0)
    assert snapshot.scatter(np.full((n, 2), np.nan), np.zeros(n), ["number"]).size == image.size


def test_scatter_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"got \(3, 3\) and \(3,\)"):
        snapshot.scatter(np.zeros((3, 3)), np.zeros(3, int), ["a"])
    with pytest.raises(ValueError, match="code 2 has no name: the legend has 1"):
        snapshot.scatter(np.zeros((3, 2)), np.array([0, 0, 2]), ["a"])


def test_sheet_places_images_in_rows():
    red, tall = np.full((9, 9, 3), (200, 0, 0), np.uint8), np.full((20, 10, 3), (0, 0, 200), np.uint8)
    image = snapshot.image_sheet(
        [red, tall, red], ["a", "", "a caption too long for two lines of text"], 2, 40, title="t"
    )
    ys, xs = near(image, (200, 0, 0))
    assert len(ys) == 2 * 80 * 80 and xs.min() == 24 and xs.max() == 24 + 79
    ys, xs = near(image, (0, 0, 200))
    assert (ys.max() - ys.min() + 1, xs.max() - xs.min() + 1) == (80, 40)
    with pytest.raises(ValueError, match="a caption for each image, got 1 and 0"):
        snapshot.image_sheet([red], [])
    bare = snapshot.image_sheet([red], [""], tile=40)
    assert bare.width == 2 * (40 + 24)


def test_mask_darkens_outside_the_active_area():
    pixels = np.full((40, 60, 3), 200, np.uint8)
    activation = np.zeros((4, 6))
    activation[0, 0] = 0.02
    activation[2, 4] = 7.0
    shown = snapshot.masked(pixels, activation)
    assert shown.shape == pixels.shape and shown.dtype == np.uint8
    assert shown[25, 45].tolist() == [200] * 3 and shown[5, 5].tolist() == [80] * 3
    assert ((shown > 80) & (shown < 200)).any()  # a soft edge
    for dead in (np.zeros((4, 6)), -np.ones((4, 6)), np.full((4, 6), np.nan)):
        assert (snapshot.masked(pixels, dead) == 80).all()
    assert (snapshot.masked(pixels, np.ones((1, 1))) == 200).all()


def test_unit_strips_hold_every_unit():
    picture = np.full((20, 20, 3), (0, 160, 0), np.uint8)
    rows = [
        {
            "name": "unit 3",
            "detail": "activity 0.1 · church 0.9",
            "images": [picture] * 4,
            "masks": [np.ones((2, 2))] * 4,
        },
        {"name": "unit 117", "images": [picture] * 2},
    ]
    image = snapshot.unit_strips(rows, tile=30, title="units")
    assert len(near(image, (0, 160, 0))[0]) == 6 * 60 * 60
    with pytest.raises(ValueError, match="unit 3: 1 masks for 4 images"):
        snapshot.unit_strips([rows[0] | {"masks": [np.ones((2, 2))]}])
    with pytest.raises(ValueError, match="at least one row"):
        snapshot.unit_strips([])


def test_joined_cards_fill_their_place():
    small, large = (Image.new("RGB", size, color) for size, color in [((40, 30), "red"), ((60, 80), "blue")])
    row, column = snapshot.beside([small, large]), snapshot.stack([small, large])
    assert row.size == (40 + 16 + 60, 80) and column.size == (60, 30 + 16 + 80)
    assert row.getpixel((5, 5)) == (255, 0, 0) and row.getpixel((20, 60)) == (255, 255, 255)
    assert row.getpixel((60, 79 - 5)) == (0, 0, 255) and column.getpixel((50, 10)) == (255, 255, 255)
    assert row.getpixel((10, 79)) == column.getpixel((59, 10)) == (0xD0, 0xD5, 0xDA)  # the border moved outward


@pytest.mark.parametrize("kind", ["flat", "photographs", "noise"])
def test_files_stay_below_150_kb(kind):
    rng = np.random.default_rng(0)
    if kind == "flat":
        image = snapshot.scatter(np.array([[0.0, 1.0]]), np.array([0]), ["a"])
    elif kind == "photographs":
        soft = Image.fromarray(rng.integers(0, 256, (40, 60, 3), dtype=np.uint8)).resize((1200, 800))
        image = soft
    else:
        image = Image.fromarray(rng.integers(0, 256, (1500, 2000, 3), dtype=np.uint8))
    mime, data = snapshot.encode(image)
    assert len(data) <= 150_000 and mime == ("image/png" if kind == "flat" else "image/webp")
    with Image.open(io.BytesIO(data)) as found:
        found.load()
        assert found.format == mime.removeprefix("image/").upper()
        assert found.size == image.size or kind == "noise"


def test_categories_differ_in_shape_too():
    def inked(code):
        image = np.asarray(snapshot.scatter(np.zeros((3, 2)), np.full(3, code), list("abc"), size=(300, 300)))
        return (image[:, : image.shape[1] // 2] < 200).any(2)

    assert len({inked(code).tobytes() for code in (0, 1, 2)}) == 3
