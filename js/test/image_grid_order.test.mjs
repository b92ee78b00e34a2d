import assert from "node:assert/strict";
import { test } from "node:test";
import { createOrder } from "../src/views/image_grid/order.js";

const WISH = {
  sort_by: "",
  descending: false,
  filter_by: "",
  filter_values: [],
  search: "",
  mode: /** @type {const} */ ("none"),
};

/** A catalog of four items whose columns arrive when the test says so. */
function slowCatalog() {
  /** @type {Record<string, number[]>} */
  const columns = { a: [3, 1, 2, 0], b: [0, 1, 2, 3] };
  /** @type {Map<string, () => void>} */
  const arrivals = new Map();
  const column = (/** @type {string} */ name) =>
    new Promise((resolve) => {
      const arrive = () => resolve({ name, kind: "number", values: Float32Array.from(columns[name]), categories: [] });
      arrivals.set(name, arrive);
    });
  const activation = async (/** @type {string} */ _layer, /** @type {number} */ unit) => ({
    max: Float32Array.of(unit, 5, 1, 2),
  });
  const catalog = {
    nItems: 4,
    columns: Object.keys(columns).map((name) => ({ name, kind: "number" })),
    column,
    activation,
  };
  const arrive = async (/** @type {string} */ name) => {
    arrivals.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { catalog: /** @type {any} */ (catalog), arrive };
}

/** @type {any} */
const selection = { has: (/** @type {number} */ i) => i === 2, unit: null };

test("the order given, and reversed, need no column", async () => {
  const order = createOrder({ catalog: slowCatalog().catalog, selection });
  await order.prepare(WISH);
  assert.deepEqual([...order.shown("none")], [0, 1, 2, 3]);
  await order.prepare({ ...WISH, descending: true });
  assert.deepEqual([...order.shown("none")], [3, 2, 1, 0]);
  assert.deepEqual([...order.shown("first")], [2, 3, 1, 0]);
});

test("the newest wish wins though its column came first", async () => {
  const { catalog, arrive } = slowCatalog();
  const order = createOrder({ catalog, selection });
  const slow = order.prepare({ ...WISH, sort_by: "a" });
  const newest = order.prepare({ ...WISH, sort_by: "b", descending: true });
  await arrive("b");
  assert.equal(await newest, true);
  await arrive("a");
  assert.equal(await slow, false);
  assert.deepEqual([...order.shown("none")], [3, 2, 1, 0]);
});

test("the activation of the selected unit sorts; a column that does not exist changes nothing", async () => {
  const order = createOrder({
    catalog: slowCatalog().catalog,
    selection: { ...selection, unit: { layer: "conv", unit: 9 } },
  });
  await order.loadActivation({ layer: "conv", unit: 9 });
  await order.prepare({ ...WISH, sort_by: "unit", descending: true });
  assert.deepEqual([...order.shown("none")], [0, 1, 3, 2]);
  await order.prepare({ ...WISH, sort_by: "gone" });
  assert.deepEqual([...order.shown("none")], [0, 1, 2, 3]);
});
