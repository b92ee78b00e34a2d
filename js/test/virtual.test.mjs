import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SCROLL_PX, movePosition, rowWindow, scrollTopFor } from "../src/lib/virtual.js";

test("only the rows in sight and the overscan are drawn", () => {
  const { first, last, scrollHeight, shift } = rowWindow({
    nRows: 1000,
    rowHeight: 10,
    viewport: 100,
    scrollTop: 505,
    overscan: 2,
  });
  assert.deepEqual([first, last, scrollHeight, shift], [48, 63, 10_000, 0]);
});

test("no rows, and rows that all fit", () => {
  assert.deepEqual(rowWindow({ nRows: 0, rowHeight: 10, viewport: 100, scrollTop: 0 }), {
    first: 0,
    last: 0,
    scrollHeight: 0,
    shift: 0,
  });
  const few = rowWindow({ nRows: 3, rowHeight: 10, viewport: 100, scrollTop: 40 });
  assert.deepEqual([few.first, few.last], [0, 3]);
});

test("content taller than a browser allows still reaches its first and last row", () => {
  const nRows = 1_000_000;
  const size = { nRows, rowHeight: 100, viewport: 500 };
  const top = rowWindow({ ...size, scrollTop: 0, overscan: 0 });
  const bottom = rowWindow({ ...size, scrollTop: MAX_SCROLL_PX - 500, overscan: 0 });
  assert.equal(top.scrollHeight, MAX_SCROLL_PX);
  assert.deepEqual([top.first, top.last], [0, 5]);
  assert.deepEqual([bottom.first, bottom.last], [nRows - 5, nRows]);
  const place = (nRows - 1) * 100 + bottom.shift;
  assert.ok(place > MAX_SCROLL_PX - 500 && place <= MAX_SCROLL_PX - 100 + 1e-3, `last row at ${place}`);
});

test("scrolling to a row moves as little as possible", () => {
  const size = { nRows: 100, rowHeight: 10, viewport: 50, scrollTop: 200 };
  assert.equal(scrollTopFor(22, size), 200);
  assert.equal(scrollTopFor(3, size), 30);
  assert.equal(scrollTopFor(40, size), 360);
  const huge = { nRows: 1_000_000, rowHeight: 100, viewport: 500, scrollTop: 0 };
  const seen = rowWindow({ ...huge, scrollTop: scrollTopFor(600_000, huge), overscan: 0 });
  assert.ok(seen.first <= 600_000 && 600_000 < seen.last);
});

test("keys move through a grid of 10 cells in rows of 4", () => {
  const grid = { count: 10, columns: 4, pageRows: 2 };
  /** @param {number} from @param {string} key */
  const go = (from, key, ctrl = false) => movePosition(from, { key, ctrl }, grid);
  assert.equal(go(3, "ArrowRight"), 4);
  assert.equal(go(0, "ArrowLeft"), 0);
  assert.equal(go(1, "ArrowUp"), 1);
  assert.equal(go(5, "ArrowUp"), 1);
  assert.equal(go(5, "ArrowDown"), 9);
  assert.equal(go(7, "ArrowDown"), 9, "no cell below: the last one of the shorter last row");
  assert.equal(go(9, "ArrowDown"), 9);
  assert.equal(go(6, "Home"), 4);
  assert.equal(go(6, "End"), 7);
  assert.equal(go(9, "End"), 9);
  assert.equal(go(6, "Home", true), 0);
  assert.equal(go(2, "End", true), 9);
  assert.equal(go(1, "PageDown"), 9);
  assert.equal(go(9, "PageUp"), 1);
  assert.equal(go(6, "PageUp"), 2, "stays in its column");
  assert.equal(go(0, "x"), null);
  assert.equal(movePosition(0, { key: "End" }, { count: 0, columns: 4, pageRows: 2 }), null);
});
