"""What goes wrong in a real notebook: interrupts, failing models, restarted kernels, closed tabs."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

START = """import nbinterp as nbi
from torch import nn
import time

class Fragile(nn.Module):
    \"\"\"The demo network, which can be told to fail, or to be slow.\"\"\"
    def __init__(self, network):
        super().__init__()
        self.network, self.fail, self.seconds = network, False, 0.0
    def forward(self, images):
        time.sleep(self.seconds)
        features = self.network.stage3(self.network.stage2(self.network.stage1(self.network.stem(images))))
        if self.fail:
            raise RuntimeError("the planted failure")
        return self.network(images)

network = Fragile(nbi.demo.classifier().module)
net = nbi.Classifier(network, device="cpu")
scenes = nbi.demo.scenes(40)
hooks = lambda: sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in network.modules())
"""
LAYERS = "['network.stage3', 'network.stage4']"


def kernel(page: Page, call: str) -> None:
    """Do something with the notebook's kernel connection: "interrupt()", "restart()", "shutdown()"."""
    page.evaluate(f"() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.{call}")


def until(condition, what: str) -> None:
    """Wait until a condition of this side holds."""
    deadline = time.monotonic() + 2 * PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


def wait_idle(page: Page) -> None:
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'",
        timeout=120_000,
    )


def test_an_interrupted_record_leaves_no_hook_and_keeps_what_was_finished(lab, page):
    record = f"study = nbi.record(net, scenes, {LAYERS}, cache='parts', batch_size=4, progress=False)"
    lab.write("interrupt.ipynb", [START, f"network.seconds = 0.5\n{record}"])
    lab.open(page, "interrupt.ipynb")
    lab.command(page, "notebook:run-all-cells")
    until(lambda: len(list((lab.folder / "parts").rglob("part-*"))) >= 2, "two batches are in the cache")
    kernel(page, "interrupt()")
    wait_idle(page)
    expect(page.locator(".jp-OutputArea-output", has_text="KeyboardInterrupt").first).to_be_visible()
    assert lab.evaluate(page, "hooks()") == "0"
    assert lab.evaluate(page, "network.training") == "True", "the mode it was in"
    finished = len(list((lab.folder / "parts").rglob("part-*")))
    assert 2 <= finished < 10
    lab.evaluate(page, "setattr(network, 'seconds', 0.0)")
    again = f"len(nbi.record(net, scenes, {LAYERS}, cache='parts', batch_size=4, progress=False).names)"
    assert lab.evaluate(page, again) == "40"


def test_a_model_that_fails_says_so_in_the_cell_and_in_the_view(lab, page, screenshot):
    lab.write(
        "failing.ipynb",
        [
            START,
            f"study = nbi.record(net, scenes, {LAYERS}, progress=False)\nnetwork.fail = True\n"
            f"view = nbi.explore(study, method='pca')\nview",
            f"nbi.record(net, scenes, {LAYERS}, progress=False)",
        ],
    )
    page.set_viewport_size({"width": 1400, "height": 2400})
    lab.open(page, "failing.ipynb")
    lab.run_all(page)
    said = page.locator(".jp-OutputArea-output", has_text="ModelError").last
    expect(said).to_contain_text("the planted failure")
    expect(said).to_contain_text("batch of shape 40×3×64×64")
    page.locator(".nbi-unit-head").first.click()
    expect(page.locator(".nbi-grid .nbi-warn[role=status]").first).to_contain_text(
        "No heat map but those of the exemplars: "
    )
    expect(page.locator(".nbi-grid .nbi-warn[role=status]").first).to_contain_text("the planted failure")
    screenshot(page, "lab-failing-model")
    assert lab.evaluate(page, "hooks()") == "0"


def test_after_a_restart_the_page_stays_readable_and_says_what_to_do(lab, page, screenshot):
    lab.write(
        "restart.ipynb",
        [
            START,
            f"study = nbi.record(net, scenes, {LAYERS}, progress=False)\nview = nbi.explore(study, method='pca')\nview",
        ],
    )
    page.set_viewport_size({"width": 1400, "height": 1800})
    lab.open(page, "restart.ipynb")
    lab.run_all(page)
    explorer = page.locator(".nbi-explorer")
    expect(explorer.locator(".nbi-cell").first).to_be_visible()
    expect(explorer.locator(".nsewdrag")).to_be_visible()
    kernel(page, "restart()")
    wait_idle(page)
    until(lambda: "NameError" in lab.evaluate(page, "study"), "the kernel has forgotten everything")

    explorer.locator(".nbi-cell").nth(4).click()
    expect(explorer.locator(".nbi-selection-size").first).to_have_text("1 selected")
    explorer.locator(".nbi-layer").select_option("network.stage3")
    expect(explorer.get_by_text(re.compile("run the cell again", re.IGNORECASE)).first).to_be_visible()
    expect(explorer.locator(".nbi-cell").first).to_be_visible()
    screenshot(page, "lab-restarted")


def test_a_tab_closed_during_umap_loses_nothing_and_no_process_outlives_the_kernel(lab, page):
    lab.write(
        "umap.ipynb",
        [START, f"study = nbi.record(net, scenes, {LAYERS}, progress=False)\nview = nbi.EmbeddingPlot(study)\nview"],
    )
    lab.open(page, "umap.ipynb")
    lab.run_all(page)
    area = page.locator(".nbi-plot-area")
    expect(area).to_have_attribute("aria-label", re.compile("^PCA of layer network.stage4"))
    children = (
        "[p.pid for p in __import__('psutil').Process().children() if any('_umap_process' in a for a in p.cmdline())]"
    )
    until(lambda: lab.evaluate(page, children) != "[]", "UMAP is running")
    lab.command(page, "docmanager:save", wait=True)
    page.goto("about:blank")
    lab.open(page, "umap.ipynb")
    expect(page.locator(".nbi-plot-area")).to_have_attribute(
        "aria-label", re.compile("^UMAP of layer network.stage4"), timeout=4 * PATIENCE_MS
    )

    long = "__import__('numpy').random.default_rng(0).random((40_000, 50))"
    lab.evaluate(
        page,
        "__import__('threading').Thread(target=__import__('nbinterp.analyses.embedding', fromlist=['umap']).umap,"
        f" args=({long},), daemon=True).start()",
    )
    until(lambda: lab.evaluate(page, children) != "[]", "a long UMAP is running")
    [pid] = eval(lab.evaluate(page, children))
    kernel(page, "shutdown()")
    until(lambda: not alive(pid), "the UMAP process has ended")


def alive(pid: int) -> bool:
    psutil = pytest.importorskip("psutil")
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
