"""An exported page of an ablation panel whose kernel is played by the test."""

from __future__ import annotations

import base64

from ablation_fakes import N_IMAGES, planted_effect
from playwright.sync_api import Page

# From now on the page's panel believes in a kernel; what it asks of it is kept in `window.sent`.
WAKE = """async ([catalog, panel]) => {
    const model = await window.mounted.model(panel);
    (await window.mounted.model(catalog)).set("has_kernel", true);
    window.sent = [];
    model.send = (message) => window.sent.push(message);
    model.set("about", { ...model.get("about") });
}"""
TELL = """async ([panel, traits]) => {
    const model = await window.mounted.model(panel);
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
    for (const [name, value] of Object.entries(traits))
        model.set(name, value?.$bytes === undefined ? value : bytes(value.$bytes));
}"""


def wake(page: Page, view) -> None:
    """Let the page's panel have a kernel that says nothing of its own."""
    page.evaluate(WAKE, [view.catalog.model_id, view.model_id])


def edit_of(page: Page, view) -> dict:
    """What the kernel was told of the sliders."""
    return page.evaluate("async (id) => (await window.mounted.model(id)).get('edit')", view.model_id)


def sent(page: Page) -> list:
    """The messages that the panel sent."""
    return page.evaluate("window.sent")


def tell(page: Page, view, **traits) -> None:
    """What the kernel would say."""
    coded = {
        name: {"$bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in traits.items()
    }
    page.evaluate(TELL, [view.model_id, coded])


def answer(page: Page, view, n_off: int, *, n: int = N_IMAGES) -> None:
    """The kernel's answer to where the sliders stand, on the first `n` images: as if `n_off` units were off."""
    from nbinterp.widgets.ablation_edit import Edit
    from nbinterp.widgets.ablation_facts import effect_facts, flip_bytes

    effect = planted_effect(n_off, n=n)
    shown = {**effect_facts(effect, Edit(), serial=100 + n_off), "edit": edit_of(page, view)}
    tell(page, view, shown=shown, flips=flip_bytes(effect, labelled=True))
