import assert from "node:assert/strict";
import { test } from "node:test";
import { createUnitMaps, mapsOfExemplars } from "../src/lib/unit_maps.js";

/** @import { UnitTable } from "../src/lib/types.js" */

const map = { height: 1, width: 1, data: Uint8Array.of(7) };
const wait = (ms = 120) => new Promise((resolve) => setTimeout(resolve, ms));
const table = /** @type {UnitTable} */ (
  /** @type {unknown} */ ({
    k: 2,
    mapHeight: 1,
    mapWidth: 2,
    exemplars: Int32Array.of(0, 1, 5, -1),
    exemplarMaps: Uint8Array.from({ length: 8 }, (_, i) => i),
  })
);

/** @param {object} parts */
function setup(parts) {
  const life = new AbortController();
  /** @type {string[]} */
  const told = [];
  const catalog = /** @type {any} */ ({
    layers: [
      { name: "conv", kind: "maps" },
      { name: "fc", kind: "flat" },
    ],
    available: () => true,
    units: async () => table,
    ...parts,
  });
  const maps = createUnitMaps({
    catalog,
    onChange: (text) => {
      told.push(text);
    },
    signal: life.signal,
  });
  return { maps, told, life };
}

test("maps of a unit's own exemplars", () => {
  const found = mapsOfExemplars(table, 1);
  assert.deepEqual([...found.keys()], [5]);
  assert.deepEqual([...(found.get(5)?.data ?? [])], [4, 5]);
});

test("of many wishes the last is asked, and what is known is not asked again", async () => {
  /** @type {number[][]} */
  const asked = [];
  const { maps, told } = setup({
    maps: async (/** @type {string} */ _layer, /** @type {number} */ _unit, /** @type {number[]} */ indices) => {
      asked.push(indices);
      return new Map(indices.map((i) => [i, map]));
    },
  });
  maps.setUnit({ layer: "conv", unit: 0 });
  maps.want([1, 2]);
  maps.want([2, 3]);
  await wait();
  maps.want([3, 4]);
  await wait();
  assert.deepEqual(asked, [[2, 3], [4]]);
  assert.equal(maps.get(3), map);
  assert.equal(maps.get(1), undefined);
  assert.deepEqual(told, ["", ""]);
});

test("an answer for the unit left behind is dropped", async () => {
  /** @type {(value: Map<number, typeof map>) => void} */
  let answer = () => {};
  const { maps, told } = setup({
    maps: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  maps.setUnit({ layer: "conv", unit: 0 });
  maps.want([1]);
  await wait();
  maps.setUnit({ layer: "conv", unit: 1 });
  answer(new Map([[1, map]]));
  await wait(10);
  assert.equal(maps.get(1), undefined);
  assert.deepEqual(told, []);
});

test("superseded is silence, another failure is told, no kernel leaves the exemplars", async () => {
  const quiet = setup({
    maps: async () => {
      throw new Error("superseded");
    },
  });
  quiet.maps.setUnit({ layer: "conv", unit: 0 });
  quiet.maps.want([1]);
  const loud = setup({
    maps: async () => {
      throw new Error("out of memory");
    },
  });
  loud.maps.setUnit({ layer: "conv", unit: 0 });
  loud.maps.want([1]);
  const failing = async () => {
    throw new Error("out of memory");
  };
  const bare = setup({ maps: failing, units: failing });
  bare.maps.setUnit({ layer: "conv", unit: 0 });
  bare.maps.want([1]);
  const saved = setup({ available: () => false });
  saved.maps.setUnit({ layer: "conv", unit: 1 });
  saved.maps.want([4, 5]);
  const flat = setup({});
  flat.maps.setUnit({ layer: "fc", unit: 1 });
  flat.maps.want([4]);
  await wait();
  assert.deepEqual(quiet.told, []);
  assert.deepEqual(loud.told, ["No heat map but those of the exemplars: out of memory"]);
  assert.deepEqual([...(loud.maps.get(1)?.data ?? [])], [2, 3]);
  assert.equal(bare.told[0], "No heat map: out of memory");
  assert.match(saved.told[0], /Without a kernel/);
  assert.ok(saved.maps.get(5) && !saved.maps.get(4));
  assert.match(flat.told[0], /no activation maps/);
});

test("a view that ended asks no more", async () => {
  let asked = 0;
  const { maps, life } = setup({
    maps: async () => {
      asked++;
      return new Map();
    },
  });
  maps.setUnit({ layer: "conv", unit: 0 });
  maps.want([1]);
  life.abort();
  await wait();
  assert.equal(asked, 0);
});
