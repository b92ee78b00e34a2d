import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countWords,
  editWords,
  evidenceWords,
  liftBins,
  liftPlace,
  liftRange,
  liftsOf,
  liftTicks,
  membersOf,
  modeWords,
  neuronWords,
  nextMode,
  percent,
  purityOf,
  purityWords,
  tenToThe,
  verdictParts,
  waitingWords,
} from "../src/views/region_view/state.js";
import { random } from "./fakes.mjs";

/** @typedef {import("../src/views/region_view/state.js").Mode} Mode */

/** @param {boolean[]} bits */
function packed(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    if (bit) bytes[i >> 3] |= 128 >> (i & 7);
  });
  return bytes;
}

/** @param {boolean} state */
const literal = (state) => ({ unit: 3, y: 1, x: 2, state, base_rate: 0.25, score: 0.75 });

test("members are the reference images that violate no more literals than tolerated", () => {
  const next = random(5);
  for (const n of [1, 7, 8, 9, 61]) {
    const states = Array.from({ length: 5 }, () => Array.from({ length: n }, () => next() < 0.6));
    const reference = Array.from({ length: n }, () => next() < 0.8);
    const row = Math.ceil(n / 8);
    const columns = new Uint8Array(5 * row);
    for (const [l, bits] of states.entries()) columns.set(packed(bits), l * row);
    const literals = states.map((_, l) => literal(l % 2 === 0));
    for (const tolerance of [0, 1, 5]) {
      const modes = /** @type {Mode[]} */ (["required", "flipped", "ignored", "required", "flipped"]);
      const violated = (/** @type {number} */ i) =>
        literals.filter(
          ({ state }, l) => modes[l] !== "ignored" && states[l][i] !== (modes[l] === "required" ? state : !state),
        ).length;
      const expected = Array.from({ length: n }, (_, i) => i)
        .filter((i) => reference[i] && violated(i) <= tolerance)
        .sort((a, b) => violated(a) - violated(b) || a - b);
      const found = membersOf({ columns, reference: packed(reference), n, literals, modes, tolerance });
      assert.deepEqual([...found], expected, `${n} images, tolerance ${tolerance}`);
    }
  }
});

test("a rule without literals is followed by every reference image", () => {
  const reference = packed([true, false, true]);
  const rule = { columns: new Uint8Array(0), reference, n: 3, literals: [], modes: [], tolerance: 0 };
  assert.deepEqual([...membersOf(rule)], [0, 2]);
});

test("a click loosens a literal, the next turns it round, the third restores it", () => {
  assert.equal(nextMode("required"), "ignored");
  assert.equal(nextMode("ignored"), "flipped");
  assert.equal(nextMode("flipped"), "required");
  assert.deepEqual(
    ["required", "ignored", "flipped"].map((mode) => modeWords(literal(true), /** @type {Mode} */ (mode))),
    ["on", "either", "off"],
  );
  assert.equal(modeWords(literal(false), "flipped"), "on");
  assert.equal(editWords(["required", "ignored", "flipped", "ignored"]), "2 ignored, 1 flipped");
  assert.equal(editWords(["required"]), "");
});

test("purity is the share of the most frequent known class", () => {
  const column = {
    name: "label",
    kind: /** @type {const} */ ("category"),
    values: [0, 1, 1, -1, 0, 1],
    categories: ["cat", "dog"],
  };
  assert.deepEqual(purityOf(column, [0, 1, 2, 3]), { name: "dog", share: 2 / 3, known: 3 });
  assert.deepEqual(purityOf(column, [0, 1])?.name, "cat", "of equally frequent ones the first");
  assert.equal(purityOf(column, [3]), null);
  assert.equal(purityOf(null, [3]), null);
  assert.equal(purityOf({ ...column, kind: "number" }, [1]), null);
  assert.equal(purityWords({ label: purityOf(column, [1, 2]), prediction: null }), "100 % dog by label");
});

test("numbers in words", () => {
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(percent), ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]);
  assert.equal(neuronWords(literal(true)), "unit 3 at (1, 2)");
  assert.equal(neuronWords({ unit: 3, y: null, x: null }), "unit 3");
  assert.equal(countWords(1200, 10000), "1,200 of 10,000 images");
  assert.deepEqual([-3, -1, 0, 1, 3, 12].map(tenToThe), ["10⁻³", "0.1", "1", "10", "1000", "10¹²"]);
});

test("the axis is even in the logarithm and has a place of its own for 0", () => {
  const range = liftRange([
    [0, 2],
    [Number.NaN, 350],
  ]);
  assert.deepEqual(range, { low: 0, high: 3 });
  assert.deepEqual(liftRange([[0], []]), { low: -1, high: 1 });
  assert.deepEqual(liftRange([[10]]), { low: 1, high: 2 });
  assert.equal(liftPlace(0, range, 10), 0.05);
  assert.equal(liftPlace(1, range, 10), 0.1);
  assert.equal(liftPlace(1000, range, 10), 1);
  assert.deepEqual(liftsOf(0, range, 10), [0, 0]);
  for (const bin of [1, 5, 9]) {
    const [from, to] = liftsOf(bin, range, 10);
    assert.equal(Math.floor(liftPlace(Math.sqrt(from * to), range, 10) * 10), bin);
  }
  assert.ok(Math.abs(liftPlace(10, range, 10) - 0.4) < 1e-9);
  const bins = liftBins([0, 0, 1, 1000], range, 4);
  assert.deepEqual([...bins], [0.5, 0.25, 0, 0.25]);
  assert.deepEqual(liftTicks({ low: -7, high: 5 }, 4), [-6, -3, 0, 3]);
  assert.deepEqual(liftTicks({ low: 0, high: 3 }, 4), [0, 1, 2, 3]);
});

test("the verdict has a head and its numbers; the chart has a sentence", () => {
  const evidence = {
    serial: 1,
    verdict: "no more than chance: 2 held-out images follow the rule",
    stands_out: false,
    lift: 3.1234,
    n_members: 2,
    expected: 1,
    p_values: {},
    null_lifts: { "random anchors": [1, 4, 5], shuffled: [1] },
  };
  assert.deepEqual(verdictParts(evidence), { head: "No more than chance", facts: "2 held-out images follow the rule" });
  assert.equal(
    evidenceWords(evidence),
    "Lift 3.12; 2 of 3 lifts of random anchors are as large, 0 of 1 lifts of shuffled are as large",
  );
});

test("what stands in the verdict's place, and what can be done about it", () => {
  assert.deepEqual(waitingWords({}, 3, true), { text: "Comparing with chance …", act: "" });
  const judging = { serial: 3, state: /** @type {const} */ ("running"), text: "random anchors: 20 of 200" };
  const running = { text: "Comparing with chance: random anchors: 20 of 200 …", act: "stop" };
  assert.deepEqual(waitingWords(judging, 3, true), running);
  assert.deepEqual(waitingWords(judging, 4, true), { text: "Comparing with chance …", act: "" }, "of another region");
  assert.equal(waitingWords({ ...judging, state: "stopped" }, 3, true).act, "again");
  assert.equal(waitingWords(judging, 3, false).act, "", "without a kernel nothing can be stopped");
});
