"""UnitGallery as a page opened from disk, network off; and what it says to and hears from a kernel, played here."""

import json
import re
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from browsing import offline_page, open_file, selection_of
from gallery_fakes import FakeRun, FakeRunner
from PIL import Image
from playwright.sync_api import expect
from test_pages_look import CONTRAST, FAINT

import nbinterp as nbi
from nbinterp.render.visualizations import contact_sheet

pytestmark = pytest.mark.browser

COLOUR = """canvas => {
    const { width, height } = canvas;
    const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    const sum = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sum[c] += data[i + c];
    return sum.map((value) => value / (width * height));
}"""

# How much of a bar is painted, in per cent.
FILLED = """track => {
    const [whole, fill] = [track, track.firstChild].map((node) => node.getBoundingClientRect());
    const seen = getComputedStyle(track.firstChild).backgroundColor !== getComputedStyle(track).backgroundColor;
    return seen && fill.height === whole.height ? 100 * fill.width / whole.width : 0;
}"""

# The view with a kernel played by the test: `window.sent` holds what the view says, `window.hear` is what it hears.
PLAYED = """const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
const real = (await import(url)).default;
export default { ...real, render(props) {
    const ears = [];
    window.sent = [];
    window.hear = (message, bytes) =>
        ears.forEach((fn) => fn(message, [new DataView(Uint8Array.from(bytes).buffer)]));
    const model = new Proxy(props.model, { get(target, name) {
        if (name === "send") return (message) => window.sent.push(message);
        if (name === "on") return (event, fn) => { event === "msg:custom" && ears.push(fn); target.on(event, fn); };
        return typeof target[name] === "function" ? target[name].bind(target) : target[name];
    } });
    return real.render({ ...props, model });
} };"""

SET = (
    "async ([id, values]) => { const m = await window.mounted.model(id); for (const k in values) m.set(k, values[k]); }"
)


@pytest.fixture
def gallery(recording):
    def make(run, **options):
        shown = nbi.UnitGallery(run, runner=FakeRunner(), **{"recording": recording, **options})
        for _ in range(2):
            shown._worker.call(lambda _: None)
        return shown

    yield make
    ipywidgets.Widget.close_all()


@pytest.fixture
def played(offline, tmp_path: Path):
    """Open a gallery that believes in a kernel."""

    def open_(view):
        view._esm = PLAYED % json.dumps(str(view._esm))
        root = open_file(offline, nbi.to_html(view, tmp_path / "page.html"), ".nbi-card")
        offline.evaluate(SET, [view.catalog.model_id, {"has_kernel": True}])
        offline.evaluate(SET, [view.model_id, {"progress": {**view.progress, "text": " "}}])
        expect(root.get_by_role("button", name="Run")).to_be_enabled()
        return root

    return open_


@pytest.fixture
def opened(tmp_path: Path):
    def open_(view, page):
        path = nbi.to_html(view, tmp_path / "page.html")
        root = open_file(page, path, ".nbi-card")
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        return root

    return open_


def titles(root) -> list[str]:
    return root.locator(".nbi-card-title").all_inner_texts()


def mean_colours(run) -> np.ndarray:
    return 255 * run.preview().images.mean(axis=(2, 3))


def drawn(root, i: int) -> list[float]:
    canvas = root.locator(".nbi-optimized").nth(i)
    canvas.page.wait_for_function("canvas => canvas.width > 0 && canvas.width !== 300", arg=canvas.element_handle())
    return canvas.evaluate(COLOUR)


def test_every_card_shows_its_own_image_and_what_it_reached(offline, opened, gallery):
    run = FakeRun([3, 9, 4, 60, 7]).finish()
    run.dead = {60}
    root = opened(gallery(run), offline)
    assert titles(root) == ["unit 3", "unit 9", "unit 4", "unit 60", "unit 7"]
    for i, colour in enumerate(mean_colours(run)):
        np.testing.assert_allclose(drawn(root, i), colour, atol=4)
    cards = root.locator(".nbi-card")
    expect(cards.nth(0)).to_contain_text("activation 3")
    expect(cards.nth(0)).to_contain_text("above 96 % of 120 images")
    expect(cards.nth(0)).to_contain_text("91 % left under transforms")
    for number, percentile in ((0, 96), (2, 98)):
        assert cards.nth(number).locator(".nbi-track").evaluate(FILLED) == pytest.approx(percentile, abs=1)
    expect(cards.nth(0)).to_contain_text("judge: class 0, 50 % agreement")
    expect(cards.nth(3)).to_contain_text("Dead unit: it never responded")
    expect(cards.nth(3)).not_to_contain_text("above")
    expect(root.locator(".nbi-count")).to_have_text("5 images, 1 of dead units")
    expect(root.locator(".nbi-run-words")).to_have_text("Done: 10 steps")


def test_images_of_one_unit_share_a_card_and_sorting_moves_whole_cards(offline, opened, gallery):
    root = opened(gallery(FakeRun([9, 2, 5], n_images=2).finish()), offline)
    expect(root.locator(".nbi-card")).to_have_count(3)
    expect(root.locator(".nbi-card").first.locator(".nbi-optimized")).to_have_count(2)
    boxes = [tile.bounding_box() for tile in root.locator(".nbi-card").first.locator(".nbi-figure").all()]
    assert boxes[0]["y"] == boxes[1]["y"], "side by side"
    sort = root.get_by_role("combobox", name="Sort")
    sort.select_option("unit")
    expect(root.locator(".nbi-card-title").first).to_have_text("unit 2")
    assert titles(root) == ["unit 2", "unit 5", "unit 9"]
    sort.select_option("activation")
    expect(root.locator(".nbi-card-title").first).to_have_text("unit 5")
    assert titles(root) == ["unit 5", "unit 2", "unit 9"]


def test_exemplars_are_the_units_top_images_and_select_them(offline, opened, gallery):
    view = gallery(FakeRun([3, 9]).finish())
    root = opened(view, offline)
    top = view.recording["stage4"].top.index
    exemplars = root.locator(".nbi-card").nth(1).locator(".nbi-exemplar:visible")
    expect(exemplars).to_have_count(4)
    for rank in range(4):
        name = re.escape(view.recording.names[top[9][rank]])
        expect(exemplars.nth(rank)).to_have_attribute("title", re.compile(f"^{name}, activation"))
    exemplars.nth(1).click()
    assert selection_of(offline, view, 1) == [int(top[9][1])]
    expect(exemplars.nth(1)).to_have_attribute("aria-pressed", "true")
    exemplars.nth(0).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, view, 2) == sorted(int(i) for i in top[9][:2])
    root.get_by_role("button", name="Exemplars").click()
    expect(root.locator(".nbi-exemplar:visible")).to_have_count(0)


def test_keyboard_walks_the_cards_and_selects_units(offline, opened, gallery):
    view = gallery(FakeRun(range(8)).finish())
    root = opened(view, offline)
    read = "async id => (await window.mounted.model(id)).get('unit')"
    heads = root.locator(".nbi-card-head")
    heads.first.focus()
    offline.keyboard.press("ArrowRight")
    expect(heads.nth(1)).to_be_focused()
    offline.keyboard.press("Enter")
    expect(heads.nth(1)).to_have_attribute("aria-pressed", "true")
    assert offline.evaluate(read, view.link.model_id) == {"layer": "stage4", "unit": 1}
    offline.keyboard.press("ArrowDown")
    below = root.locator(".nbi-card-head:focus")
    first, second = heads.nth(1).bounding_box(), below.bounding_box()
    assert second["y"] > first["y"] and abs(second["x"] - first["x"]) < 2
    offline.keyboard.press("End")
    expect(heads.last).to_be_focused()
    offline.keyboard.press("Tab")
    expect(root.locator(".nbi-card").last.locator(".nbi-save")).to_be_focused()
    offline.keyboard.press("Tab")
    expect(root.locator(".nbi-card").last.locator(".nbi-exemplar").first).to_be_focused()
    offline.keyboard.press("ArrowRight")
    expect(root.locator(".nbi-card").last.locator(".nbi-exemplar").nth(1)).to_be_focused()
    stops = root.locator(".nbi-cards [tabindex='0']")
    assert stops.count() == 6, "one card is in the way of Tab, not all"
    heads.nth(1).click()
    expect(heads.nth(1)).to_have_attribute("aria-pressed", "false")
    assert offline.evaluate(read, view.link.model_id) is None


def test_without_a_kernel_what_needs_one_says_so_and_images_can_still_be_saved(offline, opened, gallery, tmp_path):
    run = FakeRun([3, 9]).to(4)
    root = opened(gallery(run), offline)
    for name in ("Run", "Stop"):
        expect(root.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(root.get_by_text("Needs a running kernel")).to_be_visible()
    drawn(root, 1)
    with offline.expect_download() as one:
        root.locator(".nbi-save").nth(1).click()
    assert one.value.suggested_filename == "1-unit-9-of-stage4.png"
    one.value.save_as(tmp_path / "one.png")
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.size == (56, 40)
        np.testing.assert_allclose(np.asarray(picture)[..., :3].mean((0, 1)), mean_colours(run)[1], atol=4)
    with offline.expect_download() as every:
        root.get_by_role("button", name="Save all").click()
    every.value.save_as(tmp_path / "all.jpg")
    with Image.open(tmp_path / "all.jpg") as picture:
        assert picture.size == (2 * 56, 40)


def test_frames_repaint_the_forming_images_and_are_answered(offline, played, gallery):
    run = FakeRun([3, 9, 4], batch=2).to(4)
    root = played(gallery(run))
    before = drawn(root, 0)
    assert root.locator(".nbi-veil").nth(2).inner_text() == "not begun"
    run.step = 10
    jpeg, layout = contact_sheet(run.preview(run.forming).images)
    content = {"kind": "frame", "first": 0, "step": 9, "serial": 99, **layout}
    offline.evaluate("window.sent.length = 0")
    offline.evaluate("([message, bytes]) => window.hear(message, bytes)", [content, list(jpeg)])
    offline.wait_for_function("() => window.sent.length > 0")
    assert offline.evaluate("window.sent") == [{"kind": "ready", "serial": 99}]
    after = drawn(root, 0)
    np.testing.assert_allclose(after, mean_colours(run)[0], atol=4)
    assert np.abs(np.subtract(after, before)).max() > 5


def test_stop_and_run_say_what_is_wanted_and_errors_are_shown(offline, played, gallery):
    view = gallery(FakeRun([3, 9]).to(4))
    root = played(view)
    root.get_by_role("button", name="Stop").click()
    expect(root.locator(".nbi-run-words")).to_have_text("Stopping …")
    offline.evaluate(SET, [view.model_id, {"state": "stopped"}])
    expect(root.locator(".nbi-run-words")).to_have_text("Stopped at step 4 of 10")
    root.get_by_role("button", name="Resume").click()
    units, run = root.get_by_label("Units"), root.get_by_role("button", name="Run")
    for wrong, message in (
        ("96", "The layer has the units 0 to 95"),
        ("x", "“x” is no unit"),
        ("", "Write which units"),
    ):
        units.fill(wrong)
        expect(root.get_by_text(message)).to_be_visible()
        expect(units).to_have_attribute("aria-invalid", "true")
        expect(run).to_be_disabled()
    units.fill("0-7, 12")
    root.get_by_label("Images per unit").fill("3")
    root.get_by_label("Preset").select_option("lucid")
    expect(root.get_by_label("Steps")).to_have_attribute("placeholder", "512")
    run.click()
    expect(root.get_by_text("Asking the kernel")).to_be_visible()
    request = {"kind": "run", "layer": "stage4", "units": "0-7, 12", "n_images": 3, "recipe": "lucid", "steps": None}
    assert offline.evaluate("window.sent") == [{"kind": "ready"}, {"kind": "stop"}, {"kind": "resume"}, request]
    offline.evaluate("window.hear({ kind: 'error', text: 'units: no room' }, [])")
    expect(root.get_by_role("alert")).to_have_text("units: no room")


def test_every_text_is_readable(browser, opened, gallery, screenshot):
    for scheme in ("light", "dark"):
        for name, run in (("done", FakeRun(range(9)).finish()), ("forming", FakeRun(range(9), batch=4).to(5, 1))):
            run.dead = {2}
            view = gallery(run)
            view.link.unit = {"layer": "stage4", "unit": 1}
            with offline_page(browser, color_scheme=scheme, viewport={"width": 1200, "height": 900}) as page:
                root = opened(view, page)
                expect(root).to_have_class(f"nbi nbi-gallery nbi-{scheme}")
                drawn(root, 0)
                screenshot(page, f"page-gallery-{name}-{scheme}")
                assert page.evaluate(FAINT, CONTRAST) == []


def test_a_narrow_column_needs_no_sideways_scrolling(browser, opened, gallery, screenshot):
    view = gallery(FakeRun(range(4), n_images=3, layer="a.module.with.a.very.long.dotted.path.to.it").finish())
    with offline_page(browser, viewport={"width": 400, "height": 900}) as page:
        root = opened(view, page)
        drawn(root, 0)
        screenshot(page, "page-narrow-gallery", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        beyond = """root => {
            const right = root.getBoundingClientRect().right + 1;
            return [...root.querySelectorAll("button, select, input, canvas")]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
        assert root.evaluate(beyond) == []


def test_names_are_text_never_markup(offline, opened, gallery):
    hostile = '</script><img src=x onerror="window.hurt=1"><b>&amp;'
    run = FakeRun([3], layer=hostile).finish()
    root = opened(gallery(run), offline)
    expect(root.locator(".nbi-card-layer")).to_have_text(hostile)
    assert offline.locator("#nbinterp img, #nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None
