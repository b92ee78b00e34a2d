"""The planted world: deterministic, true to its masks, and moved by its nuisance factors only where they say."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from nbinterp import demo
from nbinterp.data.world import CLASSES, CONCEPTS, FACTORS, SUBCLASS_SHARE, SceneSource
from nbinterp.data.world.canvas import Canvas, Light, Paint
from nbinterp.data.world.palette import BASIC_COLORS, name_colors

STILL = {
    "scale": 1.0,
    "x": 0.0,
    "y": 0.0,
    "rotation": 0.0,
    "brightness": 1.0,
    "contrast": 1.0,
    "blur": 0.0,
    "noise": 0.0,
}


def mask(source, index, category, concept):
    """Where one concept is, bool height × width."""
    return source.label_maps(index)[category] == CONCEPTS[category].index(concept)


def clearest_car(source, **wanted):
    """The index of the scene with these values in its recipe where most of the car shows: no tree hides it."""
    wanted |= {"facet": "car", "subclass": ""}
    fitting = [i for i, r in enumerate(source.recipes) if all(getattr(r, k) == v for k, v in wanted.items())]
    return max(fitting, key=lambda i: mask(source, i, "object", "car").sum())


def car_scene(**factors):
    """The mask of the car in one and the same scene without other cars, with nuisance factors set."""
    source = SceneSource(40, 3, size=96, classes=["road"], nuisance={**STILL, "scale": 0.6, **factors})
    index = clearest_car(SceneSource(40, 3, size=96, classes=["road"], nuisance={**STILL, "scale": 0.6}))
    return mask(source, index, "object", "car"), source, index


# ---- which images there are


def test_an_image_does_not_depend_on_how_many_are_made():
    few, many = SceneSource(10, 4), SceneSource(20, 4)
    assert few.recipes == many.recipes[:10]
    for i in (0, 9):
        assert np.array_equal(few.pixels(i), many.pixels(i))
        for category, label_map in few.label_maps(i).items():
            assert np.array_equal(label_map, many.label_maps(i)[category])


def test_another_process_paints_the_same_bytes():
    program = (
        "import hashlib; from nbinterp.data.world import SceneSource; s = SceneSource(20, 9);"
        "print(hashlib.sha256(b''.join(s.pixels(i).tobytes() for i in range(20))).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    source = SceneSource(20, 9)
    assert hashlib.sha256(b"".join(source.pixels(i).tobytes() for i in range(20))).hexdigest() == there


def test_worlds_and_images_differ():
    digests = {SceneSource(30, seed).digest(i) for seed in (0, 1) for i in range(30)}
    assert len(digests) == 60


def test_every_class_is_equally_frequent_and_shuffled():
    labels = SceneSource(200, 2).labels()
    assert np.bincount(labels).tolist() == [20] * len(CLASSES)
    assert labels[:10].tolist() != labels[10:20].tolist()


def test_every_class_has_two_facets_and_images_of_no_subclass():
    recipes = SceneSource(2000, 5).recipes
    for name, scene in CLASSES.items():
        own = [r for r in recipes if r.class_name == name]
        assert len(scene.facets) >= 2
        for facet in scene.facets:
            here = [r.subclass for r in own if r.facet == facet]
            assert len(here) > 60
            assert set(here) == {"", *scene.subclasses}, "a subclass must cut across the facets"
    assert CLASSES["kitchen"].subclasses == (), "one class without subclasses is the negative control"


def test_each_subclass_holds_its_documented_share():
    recipes = SceneSource(4000, 6).recipes
    for name, scene in CLASSES.items():
        own = [r.subclass for r in recipes if r.class_name == name]
        for subclass in scene.subclasses:
            assert own.count(subclass) / len(own) == pytest.approx(SUBCLASS_SHARE, abs=0.07)  # 3 s.d. of 400 draws


@pytest.mark.parametrize(
    ("class_name", "subclass", "category", "concept"),
    [
        ("aquarium", "starfish", "object", "starfish"),
        ("beach", "ball", "object", "ball"),
        ("beach", "sunset", "object", "sun"),
        ("flowers", "butterfly", "object", "butterfly"),
        ("forest", "deer", "object", "deer"),
        ("forest", "snow", "material", "snow"),
        ("harbour", "gulls", "object", "gull"),
        ("harbour", "sunset", "object", "sun"),
        ("home", "cat", "object", "cat"),
        ("home", "snow", "material", "snow"),
        ("railway", "red signal", "object", "signal"),
        ("shop", "sale", "material", "paper"),
    ],
)
def test_a_subclass_shows_what_it_is_called_and_other_images_do_not(class_name, subclass, category, concept):
    source = SceneSource(32, 8, classes=[class_name], nuisance=STILL)
    members = np.array([recipe.subclass == subclass for recipe in source.recipes])
    shown = np.array([mask(source, i, category, concept).any() for i in range(32)])
    assert members.sum() >= 4
    assert shown[members].mean() > 0.85, "a parasol may hide the sun, but not often"
    if concept not in ("snow", "paper"):  # snow caps far mountains, and price tags are of paper
        assert not shown[~members].any()


# ---- masks and pixels


def test_the_canvas_paints_and_labels_the_same_shape():
    canvas = Canvas(40, 40)
    canvas.fill(Paint((0, 0, 200), (0, 0, 200), object="sky"))
    canvas.rect(Paint((200, 0, 0), (200, 0, 0), object="house", part="door", material="wood"), -0.5, -0.5, 0.5, 0.75)
    picture, truth = canvas.picture(Light(), np.random.default_rng(0)), canvas.truth()
    inside = np.zeros((40, 40), bool)
    inside[10:35, 10:30] = True
    for category, concept in (("object", "house"), ("part", "door"), ("material", "wood")):
        assert np.array_equal(truth[category] == CONCEPTS[category].index(concept), inside)
    edge = np.zeros_like(inside)  # the drawing's right and lower edge may take in one fine sample more
    edge[10:36, 30] = edge[35, 10:31] = True
    assert np.array_equal((picture[..., 0] > 0)[~edge], inside[~edge])
    assert np.array_equal((picture[..., 2] == 0)[~edge], inside[~edge])


@pytest.mark.parametrize("shape", [(64, 64), (33, 71), (50, 20)])
def test_an_ellipse_has_its_area_at_any_size(shape):
    canvas = Canvas(*shape)
    canvas.fill(Paint((0, 0, 0), object="sky"))
    with canvas.placed(0.1, -0.2, 1.5, 30):
        canvas.ellipse(Paint((0, 0, 0), object="sun"), 0, 0, 0.4, 0.3)
    expected = np.pi * 0.6 * 0.45 * (min(shape) / 2) ** 2
    assert (canvas.truth()["object"] == CONCEPTS["object"].index("sun")).sum() == pytest.approx(expected, rel=0.06)


def test_patterns_lie_where_their_texture_is_labelled():
    canvas = Canvas(64, 64)
    canvas.fill(Paint((100, 100, 100), (100, 100, 100)))
    canvas.rect(Paint((0, 0, 0), (250, 250, 250), "checks", material="fabric"), -0.5, -0.5, 0.5, 0.5)
    labelled = canvas.truth()["texture"] == CONCEPTS["texture"].index("chequered")
    picture = canvas.picture(Light(), np.random.default_rng(0))[..., 0].astype(float)
    assert labelled.sum() == 32 * 32
    assert picture[labelled].std() > 100
    assert picture[~labelled].std() < 15


@pytest.mark.parametrize(
    ("classes", "category", "concept", "names"),
    [
        (["flowers"], "object", "butterfly", {"blue", "black", "purple"}),
        (["railway"], "material", "grass", {"green", "brown", "grey"}),
        (["home"], "object", "cat", {"black", "orange", "brown", "white", "grey"}),
        (["beach"], "material", "foliage", {"green", "black", "grey", "blue"}),
    ],
)
def test_labelled_pixels_have_the_colours_of_the_thing(classes, category, concept, names):
    source = SceneSource(30, 12, classes=classes, nuisance={**STILL, "scale": 1.2})
    colours = [
        maps["colour"][maps[category] == CONCEPTS[category].index(concept)]
        for i in range(30)
        if (maps := source.label_maps(i)) and source.recipes[i].subclass != "sunset"
    ]
    found = np.concatenate(colours)
    assert len(found) > 300
    allowed = [CONCEPTS["colour"].index(name) for name in names]
    assert np.isin(found, allowed).mean() > 0.85


def test_basic_colours_are_called_by_their_own_names():
    focal = np.array([list(BASIC_COLORS.values())]).round().astype(np.uint8)
    assert name_colors(focal).tolist() == [list(range(1, 12))]


def test_every_pixel_has_an_object_a_colour_and_a_scene():
    source = SceneSource(50, 13)
    for i in range(50):
        maps = source.label_maps(i)
        assert set(maps) == {"object", "part", "material", "texture", "colour", "scene"} == set(CONCEPTS)
        for category, label_map in maps.items():
            assert label_map.shape == (64, 64)
            assert label_map.dtype == np.int64
            assert 0 <= label_map.min() <= label_map.max() < len(CONCEPTS[category])
        assert (maps["object"] > 0).all()
        assert (maps["colour"] > 0).all()
        assert np.unique(maps["scene"]).tolist() == [CONCEPTS["scene"].index(source.recipes[i].class_name)]


# ---- sizes


@pytest.mark.parametrize("size", [8, 31, (33, 71), (90, 40)])
def test_any_size_is_painted(size):
    source = SceneSource(20, 1, size=size)
    shape = size if isinstance(size, tuple) else (size, size)
    for i in range(20):
        assert source.pixels(i).shape == (*shape, 3)
        assert all(label_map.shape == shape for label_map in source.label_maps(i).values())


def test_a_larger_picture_shows_the_same_scene():
    small, large = (SceneSource(20, 2, size=size, nuisance={"noise": 0.0}) for size in (64, 192))
    for i in range(20):
        shrunk = large.pixels(i).reshape(64, 3, 64, 3, 3).mean((1, 3))
        difference = np.abs(shrunk - small.pixels(i)).mean()
        other = np.abs(shrunk - small.pixels((i + 1) % 20)).mean()
        assert difference < 0.3 * other


# ---- nuisance factors


@pytest.mark.parametrize("factor", list(FACTORS))
def test_fixing_a_factor_changes_no_other_draw(factor):
    free, fixed = SceneSource(50, 7), SceneSource(50, 7, nuisance={factor: FACTORS[factor].high})
    for a, b in zip(free.recipes, fixed.recipes, strict=True):
        assert b.factors[factor] == FACTORS[factor].high
        assert (a.class_name, a.facet, a.subclass, a.mirrored) == (b.class_name, b.facet, b.subclass, b.mirrored)
        assert {**a.factors, factor: 0} == {**b.factors, factor: 0}


def test_a_range_asked_for_is_filled_evenly():
    values = SceneSource(2000, 7, nuisance={"x": (-1, 0.5)}).columns()["x"]
    assert np.histogram(values, 4, (-1, 0.5))[0] / 2000 == pytest.approx(np.full(4, 0.25), abs=0.04)


@pytest.mark.parametrize("name", list(FACTORS))
def test_factors_stay_near_their_usual_value_and_within_their_range(name):
    values, factor = SceneSource(1000, 7).columns()[name], FACTORS[name]
    assert factor.least <= factor.low <= values.min() < factor.usual + 1e-9
    assert factor.usual < values.max() <= factor.high <= factor.most
    near = np.abs(values - factor.usual) < 0.125 * (factor.high - factor.low)
    assert 0.5 < near.mean() < 0.9


@pytest.mark.parametrize("factor", ["brightness", "contrast", "blur", "noise"])
def test_light_leaves_the_geometry_alone(factor):
    a, b = (
        SceneSource(20, 7, nuisance={**STILL, factor: value}) for value in (FACTORS[factor].low, FACTORS[factor].high)
    )
    for i in range(20):
        assert not np.array_equal(a.pixels(i), b.pixels(i))
        before, after = a.label_maps(i), b.label_maps(i)
        assert all(np.array_equal(before[c], after[c]) for c in ("object", "part", "material", "texture"))


def test_x_and_y_move_the_subject_that_far():
    before, *_ = car_scene()
    after, *_ = car_scene(x=0.25, y=0.125)
    shift = np.argwhere(after).mean(0) - np.argwhere(before).mean(0)
    assert shift == pytest.approx([0.125 * 48, 0.25 * 48], abs=0.3)


def test_scale_is_the_ratio_of_lengths():
    before, *_ = car_scene(scale=0.4)
    after, *_ = car_scene(scale=0.8)
    assert after.sum() / before.sum() == pytest.approx(4, rel=0.08)


@pytest.mark.parametrize("degrees", [-25.0, 25.0])
def test_rotation_is_clockwise_in_degrees(degrees):
    def axis(shown):
        y, x = (np.argwhere(shown) - np.argwhere(shown).mean(0)).T
        return np.degrees(0.5 * np.arctan2(2 * (x * y).mean(), (x * x - y * y).mean()))  # y points down

    assert axis(car_scene(rotation=degrees)[0]) - axis(car_scene()[0]) == pytest.approx(degrees, abs=1.5)


def test_moving_the_subject_leaves_the_background_alone():
    before, still, i = car_scene()
    after, moved, _ = car_scene(x=0.3)
    near = np.zeros_like(before)
    rows, columns = np.nonzero(before | after)
    near[rows.min() - 1 : rows.max() + 6, max(columns.min() - 4, 0) : columns.max() + 5] = True  # car and its shadow
    assert near.mean() < 0.5
    assert np.array_equal(still.pixels(i)[~near], moved.pixels(i)[~near])


def test_brightness_contrast_blur_and_noise_do_what_they_say():
    plain = SceneSource(10, 7, nuisance=STILL)
    dark = SceneSource(10, 7, nuisance={**STILL, "brightness": 0.5})
    flat = SceneSource(10, 7, nuisance={**STILL, "contrast": 0.5})
    soft = SceneSource(10, 7, nuisance={**STILL, "blur": 2.0})
    noisy = SceneSource(10, 7, nuisance={**STILL, "noise": 5.0})
    for i in range(10):
        picture = plain.pixels(i).astype(float)
        assert np.abs(dark.pixels(i) - picture * 0.5).max() <= 1
        assert np.abs(flat.pixels(i) - (picture * 0.5 + 63.75)).max() <= 1
        assert (
            np.abs(np.diff(soft.pixels(i).astype(float), axis=1)).mean() < 0.5 * np.abs(np.diff(picture, axis=1)).mean()
        )
        assert soft.pixels(i).mean() == pytest.approx(picture.mean(), abs=2)
        middle = (picture > 30) & (picture < 225)
        assert (noisy.pixels(i) - picture)[middle].std() == pytest.approx(5, rel=0.05)


def test_mirrored_scenes_obey_the_same_directions():
    for mirrored in (True, False):
        sources = [
            SceneSource(60, 3, size=96, classes=["road"], nuisance={**STILL, "scale": 0.6, "x": x}) for x in (0.0, 0.25)
        ]
        i = clearest_car(sources[0], mirrored=mirrored)
        left, right = (np.argwhere(mask(s, i, "object", "car")).mean(0)[1] for s in sources)
        assert right - left == pytest.approx(12, abs=0.3)


# ---- the probe set


def test_scenes_is_a_probe_set_with_everything_known():
    probe = demo.scenes(24, seed=3, size=(48, 64), classes=["shop", "home"], rotation=0)
    assert len(probe) == 24
    assert probe.class_names == ("shop", "home")
    assert np.bincount(probe.labels).tolist() == [12, 12]
    assert list(probe.columns) == ["facet", "subclass", *FACTORS]
    assert set(probe.columns["facet"]) == {"storefront", "produce", "cottage", "living room"}
    assert (probe.columns["rotation"] == 0).all()
    assert probe.names[0].split("-")[0] == probe.class_names[probe.labels[0]]
    assert probe.image(5).size == (64, 48)
    assert probe.pixels(5).shape == (48, 64, 3)
    assert probe.concepts == CONCEPTS
    assert set(probe.label_maps(5)) == set(CONCEPTS)


def test_the_same_arguments_give_the_same_fingerprint():
    assert demo.scenes(5, 1).fingerprint() == demo.scenes(5, 1).fingerprint() != demo.scenes(5, 2).fingerprint()


def test_nothing_is_painted_before_it_is_looked_at(monkeypatch):
    monkeypatch.setattr("nbinterp.data.world.source.paint", lambda *_: pytest.fail("painted too early"))
    demo.scenes(100)


def test_pictures_given_out_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        SceneSource(1).pixels(0)[0, 0, 0] = 1


# ---- wrong arguments


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"classes": ["beech"]}, ValueError, "no scene class 'beech'. Did you mean 'beach'"),
        ({"classes": "beach"}, TypeError, r"expected a list of class names, such as \['beach'\]"),
        ({"classes": ["beach", "beach"]}, ValueError, "none twice"),
        ({"classes": []}, ValueError, "at least one class"),
        ({"rotate": 3}, TypeError, "no nuisance factor 'rotate'. Did you mean 'rotation'"),
        ({"scale": -1}, ValueError, "scale=-1 .size of the subject.*0.1 ≤ low ≤ high ≤ 4.0"),
        ({"x": (0.5, -0.5)}, ValueError, "low ≤ high"),
        ({"x": float("nan")}, TypeError, "expected a number, or a pair"),
        ({"noise": "much"}, TypeError, "expected a number, or a pair"),
        ({"n": 0}, ValueError, "n must be between 1"),
        ({"n": 2.5}, TypeError, "n must be a whole number; got 2.5"),
        ({"seed": -1}, ValueError, "seed must be between 0"),
        ({"size": 4}, ValueError, "between 8 and 4096; got 4"),
        ({"size": (64, 64, 3)}, ValueError, "one number of pixels or .height, width."),
        ({"size": "64"}, TypeError, "whole number"),
    ],
)
def test_wrong_arguments_are_explained(arguments, error, says):
    with pytest.raises(error, match=says):
        demo.scenes(**{"n": 3, **arguments})


def test_a_concept_nobody_knows_is_refused():
    canvas = Canvas(8, 8)
    canvas.fill(Paint((0, 0, 0), object="unicorn"))
    with pytest.raises(KeyError, match="unicorn"):
        canvas.truth()


def test_a_canvas_says_when_it_has_too_many_paints():
    canvas = Canvas(8, 8)
    with pytest.raises(ValueError, match="255 different paints"):
        for k in range(300):
            canvas.fill(Paint((k, 0, 0)))
