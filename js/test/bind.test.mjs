import assert from "node:assert/strict";
import test from "node:test";
import { bind, emitter, lifetime, onChange, write } from "../src/lib/bind.js";
import { FakeModel } from "./fakes.mjs";

test("bind tells the value now and at each change, until the signal aborts", () => {
  const model = new FakeModel({ unit: 3 });
  const life = lifetime();
  /** @type {number[]} */
  const seen = [];
  bind(model, "unit", (unit) => seen.push(unit), life.signal);
  model.set("unit", 4);
  life.end();
  model.set("unit", 5);
  assert.deepEqual(seen, [3, 4]);
  assert.equal(model.listening, 0);
});

test("two views of one model agree and leave no listener behind", () => {
  const model = new FakeModel({ unit: 0 });
  const views = [lifetime(), lifetime()];
  const shown = [-1, -1];
  for (const [k, view] of views.entries()) {
    bind(model, "unit", (unit) => shown.splice(k, 1, unit), view.signal);
  }
  write(model, { unit: 7 });
  assert.deepEqual(shown, [7, 7]);
  for (const view of views) view.end();
  assert.equal(model.listening, 0);
});

test("onChange on a life that is over listens to nothing", () => {
  const model = new FakeModel({ unit: 0 });
  const over = lifetime();
  over.end();
  onChange(model, "unit", () => assert.fail(), over.signal);
  assert.equal(model.listening, 0);
});

test("lifetime ends with the host's signal", () => {
  const outer = new AbortController();
  const { signal } = lifetime(outer.signal);
  outer.abort();
  assert.ok(signal.aborted);
  assert.ok(lifetime(outer.signal).signal.aborted);
});

test("write sends what changed in one message, and nothing if nothing did", () => {
  const model = new FakeModel({ a: 1, b: { x: 1 } });
  write(model, { a: 1, b: { x: 1 } });
  assert.equal(model.saved, 0);
  write(model, { a: 2, b: { x: 2 } });
  assert.equal(model.saved, 1);
  assert.deepEqual(model.state, { a: 2, b: { x: 2 } });
});

test("an emitter goes on after a listener that throws", (t) => {
  t.mock.method(console, "error", () => {});
  /** @type {ReturnType<typeof emitter<[number]>>} */
  const changed = emitter();
  const life = lifetime();
  /** @type {number[]} */
  const seen = [];
  changed.add(() => {
    throw new Error("broken view");
  });
  changed.add((value) => seen.push(value), life.signal);
  changed.emit(1);
  life.end();
  changed.emit(2);
  assert.deepEqual(seen, [1]);
  assert.equal(changed.size(), 1);
});
