import assert from "node:assert/strict";
import test from "node:test";
import { asDataView, fromIndices, toIndices, unpack } from "../src/lib/codec.js";

/** Two arrays as Python packs them, at a given place of a larger message. @param {number} at */
function message(at) {
  const xy = Float32Array.of(1.5, -2, Number.NaN);
  const codes = Int32Array.of(-1, 7);
  const bytes = new Uint8Array(at + 24);
  bytes.set(new Uint8Array(xy.buffer), at);
  bytes.set(new Uint8Array(codes.buffer), at + 16);
  const arrays = [
    { name: "xy", dtype: "float32", shape: [3], offset: 0 },
    { name: "codes", dtype: "int32", shape: [1, 2], offset: 16 },
  ];
  return { meta: { arrays }, buffer: new DataView(bytes.buffer, at, 24) };
}

for (const at of [0, 8, 3]) {
  test(`arrays are read from a message that starts at byte ${at}`, () => {
    const { meta, buffer } = message(at);
    const { xy, codes } = unpack(meta, buffer);
    assert.deepEqual([...xy], [1.5, -2, Number.NaN]);
    assert.deepEqual([...codes], [-1, 7]);
  });
}

test("aligned arrays are views, not copies", () => {
  const { meta, buffer } = message(8);
  assert.equal(unpack(meta, buffer).xy.buffer, buffer.buffer);
});

test("an answer without arrays has none", () => {
  assert.deepEqual(unpack({}, null), {});
  assert.deepEqual(unpack(null, null), {});
});

test("a short message and an unknown type are refused by name", () => {
  const { meta, buffer } = message(0);
  assert.throws(() => unpack(meta, new DataView(buffer.buffer, 0, 8)), /"xy" needs 12 bytes, the message carries 8/);
  const strange = { arrays: [{ name: "z", dtype: "int64", shape: [1], offset: 0 }] };
  assert.throws(() => unpack(strange, buffer), /"z" has dtype int64/);
});

test("indices survive the way to bytes and back, whatever carries them", () => {
  const indices = Uint32Array.of(0, 5, 70_000);
  const bytes = fromIndices(indices);
  assert.deepEqual([...toIndices(bytes)], [0, 5, 70_000]);
  assert.deepEqual([...toIndices(new Uint8Array(bytes.buffer))], [0, 5, 70_000]);
  const shifted = new Uint8Array(bytes.byteLength + 1);
  shifted.set(new Uint8Array(bytes.buffer), 1);
  assert.deepEqual([...toIndices(new DataView(shifted.buffer, 1))], [0, 5, 70_000]);
  assert.deepEqual([...toIndices("")], []);
  assert.equal(asDataView(null).byteLength, 0);
});
