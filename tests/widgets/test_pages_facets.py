"""FacetView as a page opened from disk, network off; and what it says to and hears from a kernel, played here."""

import json
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from browsing import lasso, offline_page, open_file, pixels_of, selection_of
from facet_fakes import FakeFinder, planted
from playwright.sync_api import expect
from test_pages_gallery import COLOUR, PLAYED, SET
from test_pages_look import CONTRAST, FAINT

import nbinterp as nbi
from nbinterp.analyses.facets import Facets, Quality
from nbinterp.render.visualizations import contact_sheet

pytestmark = pytest.mark.browser

READ = "async ([id, key]) => (await window.mounted.model(id)).get(key)"
WHOLE = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99)]


@pytest.fixture
def facets(recording):
    def make(found=None, **options):
        found = planted(recording) if found is None else found
        shown = nbi.FacetView(found, recording=recording, finder=FakeFinder(recording), **options)
        for lane in ("choices", "find", "feed"):
            shown._workers[lane].call(lambda _: None)
        return shown

    yield make
    ipywidgets.Widget.close_all()


@pytest.fixture
def opened(tmp_path: Path):
    def open_(view, page):
        root = open_file(page, nbi.to_html(view, tmp_path / "page.html"), ".nbi-facet-card")
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        return root

    return open_


@pytest.fixture
def played(offline, opened):
    """Open a view that believes in a kernel."""

    def open_(view):
        view._esm = PLAYED % json.dumps(str(view._esm))
        root = opened(view, offline)
        offline.evaluate(SET, [view.catalog.model_id, {"has_kernel": True}])
        offline.evaluate(SET, [view.model_id, {"progress": {**view.progress, "text": " "}}])
        expect(root.get_by_role("slider")).to_be_enabled()
        return root

    return open_


def finished(recording, **options):
    found = planted(recording, **options)
    found.visualizations.finish()
    return found


def place(root, found, i: int) -> tuple[float, float]:
    """Where image `i` of the facets lies in the scatter, px: all are in sight, one scale, 5 % and 16 px around."""
    area = root.locator(".nbi-scatter")
    width, height = area.evaluate("area => [area.clientWidth, area.clientHeight]")
    low, high = found.embedding.min(0), found.embedding.max(0)
    span = (high - low) + 2 * 0.05 * (high - low).max()
    scale = max(span[0] / (width - 32), span[1] / (height - 32))
    x, y = (found.embedding[i] - (low + high) / 2) / scale
    return float(1 + width / 2 + x), float(1 + height / 2 - y)


def drawn(root, kind: str, facet: int) -> list[float]:
    canvas = root.get_by_role("img", name=f"{kind} image of facet {facet}")
    canvas.page.wait_for_function("canvas => canvas.width > 0", arg=canvas.element_handle())
    return canvas.evaluate(COLOUR)


def test_every_card_shows_its_own_images_and_share(offline, opened, facets, recording):
    found = finished(recording)
    root = opened(facets(found), offline)
    cards = root.locator(".nbi-facet-card")
    expect(cards).to_have_count(3)
    for facet in range(3):
        np.testing.assert_allclose(drawn(root, "mean", facet), 255 * found.mean_images[facet].mean((1, 2)), atol=4)
        made = found.visualizations.preview().images[facet]
        np.testing.assert_allclose(drawn(root, "synthesized", facet), 255 * made.mean((1, 2)), atol=4)
    expect(cards.nth(0)).to_contain_text("71 % of the activation, 40 images")
    expect(cards.nth(2)).to_contain_text("8 % of the activation, 12 images")
    expect(cards.nth(1)).to_contain_text("activation 3.14 · above 97 % of 120 images")
    expect(root.locator(".nbi-finding")).to_have_text("3 facets of unit 3 of stage4 among its 72 images")
    expect(root.locator(".nbi-why")).to_contain_text("agreement over seeds 1.00")
    chart = root.get_by_role("img", name="Gap statistic by number of facets")
    expect(chart.locator("text.nbi-chosen")).to_have_text("3")


def test_what_another_network_says_stands_on_the_cards(offline, opened, facets, recording, monkeypatch):
    """Beside the reasons and under each image; the gap chart's labels lie inside it."""
    monkeypatch.setattr(Facets, "judge", property(lambda self: "another network"))
    found = planted(recording)
    found._quality = Quality("stage4", np.array([[1, 2, 3], [2, 1, 3], [1, 2, 3]], np.float32), 2 / 3, 1.5, 1.0)
    found.visualizations.finish()
    root = opened(facets(found).wait(), offline)
    expect(root.locator(".nbi-judged")).to_contain_text("sees 2 of 3 synthesized images closest to their own facet")
    lines = root.locator(".nbi-judged-line:not(:empty)")
    expect(lines).to_have_text(
        [*["another network: closest to its own facet"] * 2, "another network: closer to facet 0"]
    )
    chart = root.get_by_role("img", name="Gap statistic by number of facets")
    left = chart.evaluate("svg => svg.getBoundingClientRect().left")
    starts = chart.evaluate("svg => [...svg.querySelectorAll('text')].map((one) => one.getBoundingClientRect().left)")
    assert min(starts) >= left, "no label is cut off"


def test_one_kind_of_image_is_said_in_words(offline, opened, facets, recording):
    root = opened(facets(finished(recording, groups=1)), offline)
    expect(root.locator(".nbi-finding")).to_contain_text("One kind of image: unit 3 of stage4")
    expect(root.locator(".nbi-facet-title")).to_have_text("One kind of image")
    expect(root.locator(".nbi-why")).to_contain_text("the gap statistic finds no clusters")


def test_members_and_exemplars_are_selected_by_a_click(offline, opened, facets):
    view = facets()
    root = opened(view, offline)
    root.get_by_role("button", name="Select all members").nth(1).click()
    assert selection_of(offline, view, 20) == view.facets.members[1].tolist()
    expect(root.get_by_role("button", name="Select all members").nth(1)).to_have_attribute("aria-pressed", "true")
    shots = root.locator(".nbi-facet-card").nth(2).locator(".nbi-shot")
    expect(shots).to_have_count(8)
    shots.nth(0).click()
    assert selection_of(offline, view, 1) == [int(view.facets.exemplars[2][0])]
    expect(shots.nth(0)).to_have_attribute("aria-pressed", "true")
    shots.nth(1).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, view, 2) == sorted(int(i) for i in view.facets.exemplars[2][:2])


def test_the_scatter_shows_selects_and_brushes_images(offline, opened, facets, recording):
    view = facets()
    root = opened(view, offline)
    found, area = view.facets, root.locator(".nbi-scatter")
    far = int(np.argmax(found.embedding[:, 0]))
    x, y = place(root, found, far)
    area.hover(position={"x": x, "y": y})
    item = int(found.indices[far])
    expect(root.get_by_role("tooltip")).to_contain_text(recording.names[item])
    expect(root.get_by_role("tooltip")).to_contain_text(f"facet {found.assignments[far]}")
    area.click(position={"x": x, "y": y})
    assert selection_of(offline, view, 1) == [item]
    lasso(offline, area, WHOLE)
    assert selection_of(offline, view, 72) == found.indices.tolist()
    root.get_by_role("button", name="Box", exact=True).click()
    places = np.array([place(root, found, i) for i in np.flatnonzero(found.assignments == 1)])
    box = area.bounding_box()
    first, last = [(places.min(0) - 8).tolist(), (places.max(0) + 8).tolist()]
    offline.mouse.move(box["x"] + first[0], box["y"] + first[1])
    offline.mouse.down()
    offline.mouse.move(box["x"] + last[0], box["y"] + last[1], steps=6)
    offline.mouse.up()
    assert selection_of(offline, view, 20) == found.members[1].tolist()


def test_a_selection_made_elsewhere_stands_out_in_the_scatter(offline, opened, facets):
    view = facets()
    root = opened(view, offline)
    canvas = root.locator(".nbi-scatter-canvas")
    before = pixels_of(canvas)
    root.locator(".nbi-shot").first.click()
    offline.wait_for_function("([c, was]) => c.toDataURL() !== was", arg=[canvas.element_handle(), before])


def test_the_scatter_by_keyboard(offline, opened, facets, recording):
    view = facets()
    root = opened(view, offline)
    root.locator(".nbi-scatter").focus()
    offline.keyboard.press("ArrowRight")
    expect(root.get_by_role("tooltip")).to_be_visible()
    offline.keyboard.press("Enter")
    first = selection_of(offline, view, 1)
    assert set(first) <= set(view.facets.indices.tolist())
    offline.keyboard.press("ArrowLeft")
    expect(root.get_by_role("status").filter(has_text=", facet ")).to_have_count(1)
    offline.keyboard.press("Shift+Enter")
    assert set(first) < set(selection_of(offline, view, 2))
    expect(root.get_by_role("status").filter(has_text="2 images selected")).to_have_count(1)
    offline.keyboard.press("Escape")
    assert selection_of(offline, view, 0) == []


def test_without_a_kernel_what_needs_one_says_so(offline, opened, facets):
    root = opened(facets(), offline)
    for control in (
        root.get_by_role("slider"),
        *root.get_by_role("combobox").all(),
        root.get_by_role("spinbutton", name="Unit"),
    ):
        expect(control).to_be_disabled()
    for name in ("auto", "Follow units", "Stop"):
        expect(root.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(root.locator(".nbi-reason")).to_have_text("Needs a running kernel")
    expect(root.get_by_role("slider")).to_have_attribute("title", "Needs a running kernel")


def test_controls_say_what_is_wanted(offline, played, facets):
    view = facets()
    root = played(view)
    root.get_by_role("slider").fill("5")
    assert offline.evaluate(READ, [view.model_id, "n_facets"]) == 5
    expect(root.locator("output")).to_have_text("5")
    expect(root.get_by_role("button", name="auto")).to_have_attribute("aria-pressed", "false")
    root.get_by_role("button", name="auto").click()
    assert offline.evaluate(READ, [view.model_id, "n_facets"]) == 0
    unit = root.get_by_role("spinbutton", name="Unit")
    unit.fill("96")
    unit.press("Tab")
    expect(unit).to_have_attribute("aria-invalid", "true")
    unit.fill("17")
    unit.press("Tab")
    assert offline.evaluate(READ, [view.model_id, "unit"]) == 17
    assert offline.evaluate(READ, [view.link.model_id, "unit"]) == {"layer": "stage4", "unit": 17}
    root.get_by_label("Layer").select_option("logits")
    assert offline.evaluate(READ, [view.model_id, "unit"]) == 11
    root.get_by_label("Class").select_option("class 4")
    assert offline.evaluate(READ, [view.model_id, "layer"]) == "logits"
    assert offline.evaluate(READ, [view.model_id, "unit"]) == 4
    root.get_by_label("Images by").select_option("tv")
    assert offline.evaluate(READ, [view.model_id, "synthesis"]) == "tv"
    root.get_by_role("button", name="Stop").click()
    assert offline.evaluate("window.sent") == [{"kind": "ready"}, {"kind": "stop"}]


def test_a_unit_selected_elsewhere_is_followed_if_asked(offline, played, facets):
    view = facets()
    root = played(view)
    unit = {"layer": "stage3", "unit": 8}
    offline.evaluate(SET, [view.link.model_id, {"unit": unit}])
    offline.wait_for_function(f"async () => (await ({READ})(['{view.model_id}', 'unit'])) === 8")
    assert offline.evaluate(READ, [view.model_id, "layer"]) == "stage3"
    root.get_by_role("button", name="Follow units").click()
    expect(root.get_by_role("button", name="Follow units")).to_have_attribute("aria-pressed", "false")
    offline.evaluate(SET, [view.link.model_id, {"unit": {"layer": "stage4", "unit": 2}}])
    offline.wait_for_timeout(100)
    assert offline.evaluate(READ, [view.model_id, "unit"]) == 8


def test_other_facets_take_their_place_at_once(offline, played, facets, recording):
    view = facets()
    root = played(view)
    before = pixels_of(root.locator(".nbi-scatter-canvas"))
    other = facets(planted(recording, n_facets=2))
    names = ("shown", "indices", "assignments", "xy", "means", "mean_tiles", "cards")
    values = {name: getattr(other, name) for name in names}
    raw = {k: list(v) if isinstance(v, bytes) else v for k, v in values.items()}
    put = """async ([id, values, raw]) => {
        const model = await window.mounted.model(id);
        const bytes = (values) => new DataView(Uint8Array.from(values).buffer);
        for (const k in values) model.set(k, raw.includes(k) ? bytes(values[k]) : values[k]);
    }"""
    offline.evaluate(put, [view.model_id, raw, [k for k, v in values.items() if isinstance(v, bytes)]])
    expect(root.locator(".nbi-facet-card")).to_have_count(2)
    expect(root.locator(".nbi-finding")).to_have_text("2 facets of unit 3 of stage4 among its 72 images")
    assert pixels_of(root.locator(".nbi-scatter-canvas")) != before
    root.get_by_role("button", name="Select all members").nth(1).click()
    size = len(other.facets.members[1])
    assert selection_of(offline, view, size) == other.facets.members[1].tolist()
    offline.evaluate(SET, [view.model_id, {"problem": "no image activates this unit"}])
    expect(root.locator(".nbi-facet-problem")).to_have_text("no image activates this unit")


def test_frames_repaint_the_forming_images_and_are_answered(offline, played, facets, recording):
    found = planted(recording)
    run = found.visualizations.to(4)
    root = played(facets(found))
    before = drawn(root, "synthesized", 0)
    run.step = 10
    jpeg, layout = contact_sheet(run.preview().images)
    content = {"kind": "frame", "first": 0, "step": 9, "serial": 99, **layout}
    offline.evaluate("window.sent.length = 0")
    offline.evaluate("([message, bytes]) => window.hear(message, bytes)", [content, list(jpeg)])
    offline.wait_for_function("() => window.sent.length > 0")
    assert offline.evaluate("window.sent") == [{"kind": "ready", "serial": 99}]
    after = drawn(root, "synthesized", 0)
    np.testing.assert_allclose(after, 255 * run.preview().images[0].mean((1, 2)), atol=4)
    assert np.abs(np.subtract(after, before)).max() > 5


def test_every_text_is_readable(browser, opened, facets, recording, screenshot):
    for scheme in ("light", "dark"):
        for name, found in (("done", finished(recording)), ("one", planted(recording, groups=1))):
            view = facets(found)
            view.link.indices = found.members[0][:10]
            with offline_page(browser, color_scheme=scheme, viewport={"width": 1200, "height": 900}) as page:
                root = opened(view, page)
                expect(root).to_have_class(f"nbi nbi-facets nbi-{scheme}")
                drawn(root, "mean", 0)
                screenshot(page, f"page-facets-{name}-{scheme}")
                assert page.evaluate(FAINT, CONTRAST) == []


def test_a_narrow_column_needs_no_sideways_scrolling(browser, opened, facets, recording, screenshot):
    found = finished(recording, layer="a.module.with.a.very.long.dotted.path.to.it")
    with offline_page(browser, viewport={"width": 400, "height": 900}) as page:
        root = opened(facets(found), page)
        drawn(root, "synthesized", 0)
        screenshot(page, "page-narrow-facets", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        beyond = """root => {
            const right = root.getBoundingClientRect().right + 1;
            return [...root.querySelectorAll("button, select, input, canvas")]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
        assert root.evaluate(beyond) == []


def test_names_are_text_never_markup(offline, opened, facets, recording):
    hostile = '</script><img src=x onerror="window.hurt=1"><b>&amp;'
    root = opened(facets(planted(recording, layer=hostile)), offline)
    expect(root.locator(".nbi-finding")).to_contain_text(hostile)
    assert offline.locator("#nbinterp img, #nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None
