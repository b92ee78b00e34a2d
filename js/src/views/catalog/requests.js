/**
 * Requests to the kernel: each carries an id, each gets an answer or an error, equal ones share one message.
 *
 * Knows nothing of the notebook: `send` is given, and `receive` is called with what comes back.
 */
import { emitter } from "../../lib/bind.js";
import { unpack } from "../../lib/codec.js";

/** @import { Answer, Key, Progress, Status } from "../../lib/types.js" */

export const WAITING = "Waiting for the kernel: it is busy, or was restarted (then run the cell again).";
const PATIENCE_MS = 3000;
/** After a progress message the kernel is known to work on it: much longer silence is fine. */
const PROGRESS_PATIENCE_MS = 60_000;

/**
 * @typedef {object} Pending
 * @property {Key} key
 * @property {string | undefined} channel
 * @property {(answer: Answer) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {number} deadline when to start worrying, in ms of `now()`
 */

export class Requests {
  /** @type {Map<string, Pending>} by id */
  #pending = new Map();
  /** @type {Map<string, Promise<Answer>>} by key: answered or in flight */
  #cache = new Map();
  /** @type {ReturnType<typeof emitter<[Status]>>} */
  #status = emitter();
  /** @type {Map<string, ReturnType<typeof emitter<[Progress]>>>} */
  #progress = new Map();
  #waiting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #count = 0;
  #prefix = Math.random().toString(36).slice(2, 10);

  /**
   * @param {(content: object) => void} send
   * @param {() => number} [now] ms
   */
  constructor(send, now = () => Date.now()) {
    this.send = send;
    this.now = now;
  }

  /**
   * @param {Key} key
   * @param {{ indices?: ArrayLike<number>, channel?: string, keep?: boolean }} [options] keep: remember the answer
   * @returns {Promise<Answer>}
   */
  request(key, { indices, channel, keep = indices === undefined } = {}) {
    const name = JSON.stringify(key);
    const known = keep ? this.#cache.get(name) : undefined;
    if (known) return known;
    const answer = this.#ask(key, indices, channel);
    if (keep) {
      this.#cache.set(name, answer);
      answer.catch(() => this.#cache.delete(name)); // an error is not remembered: asking again is allowed
    }
    return answer;
  }

  /** @param {Key} key @param {ArrayLike<number> | undefined} indices @param {string | undefined} channel */
  #ask(key, indices, channel) {
    const id = `${this.#prefix}-${this.#count++}`;
    if (channel !== undefined) this.#supersede(channel);
    /** @type {Promise<Answer>} */
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(id, { key, channel, resolve, reject, deadline: this.now() + PATIENCE_MS });
    });
    const extra = { ...(indices && { indices: Array.from(indices) }), ...(channel !== undefined && { channel }) };
    try {
      this.send({ kind: "request", id, key, ...extra });
    } catch (error) {
      this.#settle(id)?.reject(new Error(`The kernel cannot be reached (${error}). Run the cell again.`));
    }
    this.#watch();
    return answer;
  }

  /** @param {string} channel the newest request of a channel wins: older ones end here and now */
  #supersede(channel) {
    for (const [id, pending] of this.#pending) {
      if (pending.channel === channel) this.#settle(id)?.reject(new Error("superseded"));
    }
  }

  /** @param {string} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /**
   * A message from the kernel.
   *
   * @param {any} message
   * @param {ArrayLike<DataView>} [buffers]
   */
  receive(message, buffers = []) {
    if (message?.kind === "progress") this.#onProgress(message);
    else if (message?.kind === "answer") this.#onAnswer(message, buffers[0] ?? null);
    else return;
    this.#watch();
  }

  /** @param {{ key: Key, text: string, fraction: number | null }} message */
  #onProgress({ key, text, fraction }) {
    const name = JSON.stringify(key);
    for (const pending of this.#pending.values()) {
      if (JSON.stringify(pending.key) === name) pending.deadline = this.now() + PROGRESS_PATIENCE_MS;
    }
    this.#progress.get(name)?.emit({ text, fraction: fraction ?? null });
  }

  /** @param {any} message @param {DataView | null} buffer */
  #onAnswer({ id, meta, error }, buffer) {
    const pending = this.#settle(id);
    // The kernel works through its requests in order: the others get their full time from now.
    for (const other of this.#pending.values()) other.deadline = Math.max(other.deadline, this.now() + PATIENCE_MS);
    if (!pending) return;
    if (error !== undefined && error !== null) return pending.reject(new Error(String(error)));
    try {
      pending.resolve({ meta: meta ?? {}, arrays: unpack(meta, buffer), buffer });
    } catch (problem) {
      pending.reject(/** @type {Error} */ (problem));
    }
  }

  /** @param {Key} key stop the kernel's work on it; the request is then answered with the error "stopped" */
  cancel(key) {
    this.send({ kind: "cancel", key });
  }

  /** @param {Key} key @param {(progress: Progress) => void} fn @param {AbortSignal} [signal] */
  onProgress(key, fn, signal) {
    const name = JSON.stringify(key);
    const listeners = this.#progress.get(name) ?? emitter();
    this.#progress.set(name, listeners);
    listeners.add(fn, signal);
  }

  /** @param {(status: Status) => void} fn also called at once @param {AbortSignal} [signal] */
  onStatus(fn, signal) {
    this.#status.add(fn, signal);
    fn(this.status);
  }

  /** @returns {Status} */
  get status() {
    return { waiting: this.#waiting, text: this.#waiting ? WAITING : "" };
  }

  /** Look at the deadlines, tell a change, and come back when the next one is due. */
  #watch() {
    clearTimeout(this.#timer);
    const due = Math.min(...[...this.#pending.values()].map((pending) => pending.deadline));
    const waiting = due <= this.now();
    if (waiting !== this.#waiting) {
      this.#waiting = waiting;
      this.#status.emit(this.status);
    }
    if (!waiting && due < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#watch(), due - this.now() + 1);
    }
  }

  /** Forget everything; open requests fail with `reason`. @param {string} reason */
  close(reason) {
    clearTimeout(this.#timer);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new Error(reason));
  }
}
