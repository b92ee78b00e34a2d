"""The explorer and its three views by keyboard alone: every action, every tab stop, the focus never lost."""

import re

import numpy as np
import pytest
from browsing import offline_page, pixels_of, selection_of
from keyboard import at_once, expect_focus_inside, start_before, tab_stops, tab_to
from playwright.sync_api import expect

import nbinterp as nbi

pytestmark = pytest.mark.browser
VIEWS = {
    "plot": lambda recording: nbi.EmbeddingPlot(recording, "stage4", method="pca"),
    "grid": lambda recording: nbi.ImageGrid(recording),
    "units": lambda recording: nbi.UnitList(recording, "stage4"),
    "explorer": lambda recording: nbi.explore(recording, method="pca"),
}
BESIDE = 1e-4  # of the embedding's extent: what single precision leaves open about a point on the border of a box


@pytest.fixture
def shown(recording, offline, open_view):
    """Open one of the views; returns the view, its root, and the keyboard with the focus just before it."""

    def show(name: str):
        view = VIEWS[name](recording)
        root = open_view(offline, view)
        start_before(offline, root)
        return view, root, offline.keyboard

    return show


def set_layer(page, view, layer: str) -> None:
    """What Python does to a view on the page."""
    call = "async ([id, layer]) => (await window.mounted.model(id)).set('layer', layer)"
    page.evaluate(call, [view.model_id, layer])


def press(keyboard, *keys: str) -> None:
    """Press keys one after the other; `12*ArrowUp` is twelve presses."""
    for key in keys:
        times, _, name = key.rpartition("*")
        for _ in range(int(times or 1)):
            keyboard.press(name)


def beyond(plot, corner: int) -> list[int]:
    """The images to the right of and above one of them."""
    xy = plot.coordinates()[1]
    slack = BESIDE * np.ptp(xy, axis=0)
    return np.flatnonzero((xy >= xy[corner] - slack).all(axis=1)).tolist()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", VIEWS)
def test_tab_visits_every_control_with_a_ring_and_leaves(name, scheme, browser, recording, open_view):
    with offline_page(browser, color_scheme=scheme) as page:
        root = open_view(page, VIEWS[name](recording))
        expect(root.locator(".nbi-loading:visible")).to_have_count(0)
        stops = tab_stops(page, root)
        assert len(stops) < 30, "composites are one stop each"
        assert len([stop for stop in stops if stop.startswith("gridcell")]) == {"plot": 0, "explorer": 2}.get(name, 1)


def test_plot_points_are_walked_selected_added_and_taken_away(offline, shown):
    plot, root, keyboard = shown("plot")
    tab_to(offline, root.locator(".nbi-plot-area"))
    expect(root.locator(".nbi-hint")).to_contain_text("Arrow keys go from point to point")
    press(keyboard, "ArrowRight", "Enter")
    expect(root.locator(".nbi-hint")).to_have_count(0)
    [first] = selection_of(offline, plot, 1)
    expect(root.locator(".nbi-tip-name")).to_have_text(plot.recording.names[first])
    expect(root.locator(".nbi-plot-status [role=status]").last).to_have_text("1 of 120 selected")
    press(keyboard, "ArrowUp", "Shift+Space")
    assert len(selection_of(offline, plot, 2)) == 2
    press(keyboard, "Alt+Enter")
    assert selection_of(offline, plot, 1) == [first]
    press(keyboard, "Control+z")
    assert len(selection_of(offline, plot, 2)) == 2
    press(keyboard, "Tab")
    expect(root.locator(".nbi-tip")).to_be_hidden()
    press(keyboard, "Shift+Tab")
    expect(root.locator(".nbi-tip")).to_be_visible()
    press(keyboard, "Escape")
    assert selection_of(offline, plot, 0) == []


def test_plot_a_box_is_drawn_taken_and_dropped(offline, shown):
    plot, root, keyboard = shown("plot")
    outline = root.locator(".nbi-plot-outline path")
    live = root.locator(".nbi-plot-status [role=status]").last
    status = root.locator(".nbi-plot-status")
    tab_to(offline, root.locator(".nbi-plot-area"))
    press(keyboard, "ArrowRight", "Enter")
    [corner] = selection_of(offline, plot, 1)
    press(keyboard, "b")
    expect(outline).to_have_attribute("d", re.compile("^M"))
    expect(live).to_have_text("Box started; arrow keys draw it, Enter selects, Escape drops it. 1 inside the box")
    press(keyboard, "34*ArrowRight", "34*ArrowUp")
    expected = beyond(plot, corner)
    expect(live).to_have_text(f"{len(expected)} inside the box")
    expect(status).to_contain_text(f"{len(expected)} of 120 selected")
    press(keyboard, "Escape")
    expect(outline).to_have_attribute("d", "")
    expect(live).to_have_text("Box dropped")
    expect(status).to_contain_text("1 of 120 selected")

    press(keyboard, "b", "34*ArrowRight", "34*ArrowUp", "Enter")
    assert 1 < len(expected) < 119
    assert selection_of(offline, plot, len(expected)) == expected
    press(keyboard, "b", "34*ArrowLeft", "34*ArrowDown", "b", "34*ArrowRight", "34*ArrowUp", "Alt+Enter")
    assert selection_of(offline, plot, 0) == [], "a second B starts at the corner reached: the box is the whole plot"
    press(keyboard, "Control+z")
    assert selection_of(offline, plot, len(expected)) == expected
    press(keyboard, "b", "34*ArrowLeft", "34*ArrowDown", "Tab")
    expect(outline).to_have_attribute("d", "")
    assert selection_of(offline, plot, len(expected)) == expected, "leaving the plot drops the box"


def test_plot_a_box_ends_when_something_else_is_selected(offline, shown):
    plot, root, keyboard = shown("plot")
    outline = root.locator(".nbi-plot-outline path")
    live = root.locator(".nbi-plot-status [role=status]").last
    tab_to(offline, root.locator(".nbi-plot-area"))
    press(keyboard, "ArrowRight", "Enter")
    [first] = selection_of(offline, plot, 1)
    press(keyboard, "b", "34*ArrowRight", "34*ArrowUp", "Control+z")
    expect(outline).to_have_attribute("d", "")
    expect(live).to_have_text("1 of 120 selected")

    press(keyboard, "b", "34*ArrowRight", "34*ArrowUp")
    call = """async ([id, items]) =>
        (await window.mounted.model(id)).set("indices_bytes", new DataView(Uint32Array.from(items).buffer))"""
    offline.evaluate(call, [plot.link.model_id, [3, 5, 8]])
    expect(live).to_have_text("Box dropped; 3 selected now")
    expect(outline).to_have_attribute("d", "")
    press(keyboard, "Tab")
    expect(root.locator(".nbi-plot-status")).to_contain_text("3 of 120 selected")
    assert first not in selection_of(offline, plot, 3)


def test_plot_late_words_are_not_said(offline, shown):
    _, root, keyboard = shown("plot")
    area = root.locator(".nbi-plot-area")
    live = root.locator(".nbi-plot-status [role=status]").last
    tab_to(offline, area)
    press(keyboard, "ArrowRight")
    expect(live).to_contain_text("label")
    at_once(area, "ArrowRight", "b")
    expect(live).to_contain_text("1 inside the box")
    at_once(area, "Escape", "ArrowLeft", "ArrowRight", leave=True)
    expect(live).to_have_text("Box dropped")


def test_plot_zooms_moves_and_comes_back(offline, shown):
    _, root, keyboard = shown("plot")
    canvas = root.locator(".nbi-plot-canvas").first
    tab_to(offline, root.locator(".nbi-plot-area"))
    seen = [pixels_of(canvas)]
    for key in ("+", "Shift+ArrowLeft", "-"):
        press(keyboard, key)
        expect_other(offline, canvas, seen[-1])
        seen.append(pixels_of(canvas))
    press(keyboard, "0")
    offline.wait_for_function("([c, before]) => c.toDataURL() === before", arg=[canvas.element_handle(), seen[0]])


def expect_other(page, canvas, before: str) -> None:
    """The picture changes."""
    page.wait_for_function("([c, before]) => c.toDataURL() !== before", arg=[canvas.element_handle(), before])


def test_plot_legend_and_controls(offline, shown):
    plot, root, keyboard = shown("plot")
    items = root.locator(".nbi-legend-item")
    on = root.locator(".nbi-legend-item[aria-pressed=true]")
    tab_to(offline, root.get_by_role("combobox", name="Colour"))
    press(keyboard, "ArrowDown")
    expect(root.locator(".nbi-legend-title")).to_have_text("prediction")
    tab_to(offline, root.get_by_role("button", name="Box Select"))
    expect(root.locator(".nbi-hint")).to_have_text("Box Select")
    press(keyboard, "Enter")
    expect(root.get_by_role("button", name="Box Select")).to_be_focused()
    expect(root.get_by_role("button", name="Box Select")).to_have_class(re.compile("active"))
    tab_to(offline, items.first)
    press(keyboard, "ArrowDown", "Enter")
    expect(items.nth(1)).to_have_attribute("aria-pressed", "false")
    press(keyboard, "ArrowDown", "Shift+Enter")
    expect(on).to_have_count(1)
    expect(root.locator(".nbi-plot-status [role=status]").last).to_have_text(re.compile("^1 of 10 groups shown"))
    press(keyboard, "End", "Enter")
    expect(on).to_have_count(10)
    expect(items.first).to_be_focused()
    tab_to(offline, root.get_by_role("button", name="Save as PNG"), back=True)
    with offline.expect_download() as download:
        press(keyboard, "Enter")
    assert download.value.suggested_filename.endswith(".png")
    assert plot.layer == "stage4"


def test_grid_cells_are_walked_selected_in_ranges_and_looked_at(offline, shown):
    grid, root, keyboard = shown("grid")
    cells = root.locator(".nbi-cell")
    tab_to(offline, cells.first)
    expect(root.locator(".nbi-hint")).to_contain_text(f"{grid.recording.names[0]}, label")
    expect(root.locator(".nbi-hint")).to_contain_text("Space selects")
    press(keyboard, "ArrowRight", "Space")
    assert selection_of(offline, grid, 1) == [1]
    press(keyboard, "Shift+ArrowRight", "Shift+ArrowRight")
    assert selection_of(offline, grid, 3) == [1, 2, 3]
    press(keyboard, "5*ArrowRight", "Space", "2*ArrowRight", "Control+Shift+Space")
    assert selection_of(offline, grid, 6) == [1, 2, 3, 8, 9, 10]
    expect(root.locator(".nbi-selection [role=status]").first).to_have_text("6 selected")
    press(keyboard, "Enter")
    preview = root.get_by_role("region", name="Preview")
    expect(preview).to_contain_text(grid.recording.names[10])
    press(keyboard, "ArrowLeft")
    expect(preview).to_contain_text(grid.recording.names[9])
    tab_to(offline, preview.get_by_role("button", name="Close the preview"))
    press(keyboard, "Enter")
    expect(preview).to_be_hidden()
    expect(cells.nth(9)).to_be_focused()
    press(keyboard, "Control+a")
    assert len(selection_of(offline, grid, 120)) == 120
    press(keyboard, "Control+z")
    assert len(selection_of(offline, grid, 6)) == 6


def test_a_view_tells_only_the_person_who_is_in_it(offline, shown):
    grid, root, keyboard = shown("grid")
    told = root.locator(".nbi-selection [role=status]").first
    tab_to(offline, root.locator(".nbi-cell").first)
    press(keyboard, "Space")
    expect(told).to_have_text("1 selected")
    elsewhere = """async ([id]) => {
        document.activeElement.blur();
        const bytes = new DataView(Uint32Array.of(4, 5).buffer);
        (await window.mounted.model(id)).set("indices_bytes", bytes);
    }"""
    offline.evaluate(elsewhere, [grid.link.model_id])
    expect(root.locator(".nbi-selection-size")).to_have_text("2 selected")
    offline.wait_for_timeout(600)  # a change that is told is told when it has settled
    expect(told).to_have_text("1 selected")


def test_grid_selection_bar_is_one_stop_and_keeps_the_focus(offline, shown):
    grid, root, keyboard = shown("grid")
    bar = root.get_by_role("toolbar", name="Selection")

    def button(name: str):
        return bar.get_by_role("button", name=re.compile(f"^{name}"))

    press(keyboard, "Tab")
    expect(button("Invert")).to_be_focused()
    expect(root.locator(".nbi-hint")).to_contain_text("Invert selection")
    press(keyboard, "Enter", "Home")
    expect(button("Undo")).to_be_focused()
    press(keyboard, "Enter")
    expect(button("Undo")).to_be_disabled()
    expect(button("Undo")).to_be_focused()
    press(keyboard, "Enter", "ArrowRight", "Enter", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(button("Save$")).to_be_focused()
    assert len(selection_of(offline, grid, 120)) == 120

    press(keyboard, "Enter")
    expect(bar.get_by_role("textbox", name="Name of the selection")).to_be_focused()
    keyboard.type("all of them")
    press(keyboard, "Enter")
    expect(button("Save$")).to_be_focused()
    press(keyboard, "Escape", "ArrowLeft", "Enter")
    expect(button("Clear")).to_be_disabled()
    expect(button("Clear")).to_be_focused()
    press(keyboard, "ArrowRight")
    expect(button(r"Saved \(1\)")).to_be_focused()
    press(keyboard, "Enter")
    expect(button("all of them")).to_be_focused()
    press(keyboard, "Enter")
    assert len(selection_of(offline, grid, 120)) == 120
    expect(button(r"Saved \(1\)")).to_be_focused()
    press(keyboard, "Enter")
    expect(button("all of them")).to_be_focused()
    press(keyboard, "Escape")
    expect(button(r"Saved \(1\)")).to_be_focused()
    press(keyboard, "Enter")
    expect(button("all of them")).to_be_focused()
    press(keyboard, "Tab")
    expect(button("Delete saved selection all of them")).to_be_focused()
    press(keyboard, "Enter")
    expect(button("Saved")).to_be_disabled()
    expect_focus_inside(bar)
    press(keyboard, "End")
    with offline.expect_download() as download:
        press(keyboard, "Enter")
    assert download.value.suggested_filename == "selection.csv"
    expect(button("Export CSV")).to_be_focused()


def test_grid_order_filter_search_and_size(offline, shown):
    grid, root, keyboard = shown("grid")
    frame = grid.recording.frame
    cells, count = root.locator(".nbi-cell"), root.locator(".nbi-count")
    tab_to(offline, root.get_by_role("combobox", name="Sort"))
    keyboard.type("conf")
    press(keyboard, "Tab", "Space")
    expect(cells.first).to_have_attribute("title", re.compile(f"^{frame['name'][frame['confidence'].argmax()]},"))
    press(keyboard, "Tab")
    keyboard.type("label")
    groups = root.get_by_role("button", name=re.compile("^all"))
    expect(groups).to_be_visible()
    press(keyboard, "Tab", "Enter")
    expect(root.get_by_role("checkbox", name="aquarium")).to_be_focused()
    press(keyboard, "Tab", "Space", "Escape")
    expect(count).to_have_text("12 of 120 images")
    expect(root.get_by_role("button", name=re.compile("beach"))).to_be_focused()
    press(keyboard, "Tab")
    keyboard.type("no such thing")
    expect(root.get_by_text("No image matches the filter.")).to_be_visible()
    tab_to(offline, root.locator(".nbi-empty").get_by_role("button", name="Clear"))
    press(keyboard, "Enter")
    expect(count).to_have_text("120 images")
    expect(root.get_by_role("searchbox")).to_be_focused()
    side = "([row]) => parseFloat(getComputedStyle(row).height)"
    before = root.locator(".nbi-tile").evaluate_all(side)
    tab_to(offline, root.get_by_role("slider"))
    press(keyboard, "End")
    offline.wait_for_function(
        "before => parseFloat(getComputedStyle(document.querySelector('.nbi-tile')).height) > before", arg=before
    )


def test_grid_keeps_the_focus_when_its_images_move(offline, shown):
    grid, root, keyboard = shown("grid")
    focused = root.locator(".nbi-cell:focus")
    tab_to(offline, root.locator(".nbi-cell").first)
    press(keyboard, "3*ArrowRight", "Space")
    name = re.compile(f"^{grid.recording.names[3]},")
    expect(focused).to_have_attribute("title", name)
    tab_to(offline, root.get_by_role("button", name="Update order"), back=True)
    press(keyboard, "Enter")
    expect(focused).to_have_attribute("title", name)
    expect(root.locator(".nbi-cell").first).to_be_focused()
    press(keyboard, "Control+z")
    expect(root.locator(".nbi-cell").nth(3)).to_be_focused()
    expect(focused).to_have_attribute("title", name)


def test_units_are_chosen_and_their_exemplars_selected(offline, shown):
    units, root, keyboard = shown("units")
    tab_to(offline, root.get_by_role("combobox", name="Sort"))
    expect(root.locator(".nbi-hint")).to_contain_text("Exemplars: the images on which")
    keyboard.type("unit")
    expect(root.locator('.nbi-unit[aria-rowindex="1"] .nbi-unit-number')).to_have_text("0")
    tab_to(offline, root.get_by_role("searchbox"))
    keyboard.type("17")
    expect(root.locator(".nbi-unit:not([hidden])")).to_have_count(1)
    press(keyboard, "Control+a")
    keyboard.type("no such unit")
    expect(root.locator(".nbi-empty")).to_have_text("No unit matches the search.")
    press(keyboard, "Control+a", "Delete")
    expect(root.locator('.nbi-unit[aria-rowindex="1"] .nbi-unit-number')).to_have_text("0")
    expect(root.get_by_role("status").filter(has_text=re.compile(r"^\d+ of \d+ units$"))).to_have_count(1)
    press(keyboard, "Tab")
    mask = root.get_by_role("button", name="Mask")
    expect(mask).to_be_focused()
    press(keyboard, "Space")
    expect(mask).to_have_attribute("aria-pressed", "false")
    press(keyboard, "Tab")
    expect(root.locator(".nbi-hint")).to_contain_text(re.compile("unit 0, .*\n.*Arrow keys go from unit to unit"))
    press(keyboard, "Control+Home", "ArrowDown", "Enter")
    chosen = root.locator(".nbi-unit.nbi-chosen .nbi-unit-number")
    expect(chosen).to_have_text("1")
    press(keyboard, "Enter")
    expect(chosen).to_have_count(0)
    top = units.recording["stage4"].top.index[1]
    press(keyboard, "ArrowRight", "Enter", "ArrowRight", "Space")
    assert selection_of(offline, units, 2) == sorted(top[:2].tolist())
    press(keyboard, "Enter")
    assert selection_of(offline, units, 1) == [top[1]]
    press(keyboard, "Control+z")
    assert len(selection_of(offline, units, 2)) == 2
    set_layer(offline, units, "stage3")
    expect(root.get_by_role("alert")).to_contain_text("could not be shown")
    expect(root.get_by_role("searchbox")).to_be_focused()


def test_explorer_layer_unit_and_heat_map(offline, shown):
    explorer, root, keyboard = shown("explorer")
    expect(root.locator(".nbi-unit-head").first).to_be_visible()
    press(keyboard, "Tab", "ArrowDown")
    expect(root.locator(".nbi-plot-area")).to_have_attribute("aria-label", re.compile("layer stage4"))
    expect_focus_inside(root)
    tab_to(offline, root.locator(".nbi-unit-head[tabindex='0']"))
    press(keyboard, "ArrowDown", "Enter")
    chip = root.locator(".nbi-chip")
    expect(chip).to_have_text(re.compile("^unit .* of stage4"))
    expect(root.locator(".nbi-scale")).to_be_visible()
    heat = root.get_by_role("button", name="Heat map")
    tab_to(offline, heat)
    pressed = heat.get_attribute("aria-pressed")
    expect(root.locator(".nbi-hint")).to_contain_text("Colour of the heat map")
    press(keyboard, "Space")
    expect(heat).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    tab_to(offline, chip, back=True)
    press(keyboard, "Enter")
    expect(chip).to_have_text("no unit selected")
    expect(chip).to_be_disabled()
    expect(chip).to_be_focused()
    expect(root.locator(".nbi-scale")).to_have_count(0)
    tab_to(offline, root.locator(".nbi-unit-head[tabindex='0']"))
    set_layer(offline, explorer, "stage3")
    expect(root.locator(".nbi-units-title")).to_contain_text("stage3")
    expect_focus_inside(root.locator(".nbi-units .nbi-scroll"))
