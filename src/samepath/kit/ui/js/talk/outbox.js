// @ts-check
// What I have written and the server has not confirmed. It lives in this page only and is never
// stored: nothing is left on the device. Every message has an id of its own, so that sending it
// again is harmless.

const HONEST_MS = 4000; // after this the page says that it has not been sent yet
const AGAIN_MS = 5000;

/** @typedef {{id: string, text: string, row: HTMLElement, at: number, sent: boolean,
 *  failed: boolean}} Item */

export class Outbox {
  /**
   * @param {(item: Item) => boolean} pass hands a message to the line; false when there is none
   * @param {(item: Item, how: "sending" | "waiting" | "failed") => void} show
   */
  constructor(pass, show) {
    this.pass = pass;
    this.show = show;
    /** @type {Map<string, Item>} */
    this.items = new Map();
    this.heldUntil = 0;
    this.clock = setInterval(() => this.look(), 1000);
  }

  /** @param {string} text @param {HTMLElement} row @returns {Item} */
  add(text, row) {
    const item = { id: newId(), text, row, at: performance.now(), sent: false, failed: false };
    this.items.set(item.id, item);
    this.show(item, "sending");
    this.flush();
    return item;
  }

  /** Send what has not been sent, in order. */
  flush() {
    if (performance.now() < this.heldUntil) return;
    for (const item of this.items.values()) {
      if (item.sent || item.failed) continue;
      if (!this.pass(item)) return;
      item.sent = true;
      item.at = performance.now();
    }
  }

  /** The line is new: whatever was not confirmed goes again, under the same ids. */
  renew() {
    this.heldUntil = 0;
    for (const item of this.items.values()) item.sent = false;
    this.flush();
  }

  /** It is stored. @param {string} id @returns {Item | undefined} */
  confirm(id) {
    const item = this.items.get(id);
    this.items.delete(id);
    return item;
  }

  /** It was not taken now, and will be tried again. @param {string} id @param {number} seconds */
  later(id, seconds) {
    const item = this.items.get(id);
    if (!item) return;
    item.sent = false;
    this.heldUntil = performance.now() + Math.max(1, seconds) * 1000;
    this.show(item, "waiting");
  }

  /** It cannot be sent as it is. @param {string} id */
  fail(id) {
    const item = this.items.get(id);
    if (!item) return;
    item.failed = true;
    this.show(item, "failed");
  }

  /** Try a failed one again. @param {Item} item */
  retry(item) {
    item.failed = item.sent = false;
    this.show(item, "sending");
    this.flush();
  }

  /** Take a failed one out. @param {Item} item */
  drop(item) {
    this.items.delete(item.id);
  }

  look() {
    const now = performance.now();
    for (const item of this.items.values()) {
      if (item.failed) continue;
      if (now - item.at > HONEST_MS) this.show(item, "waiting");
      if (item.sent && now - item.at > HONEST_MS + AGAIN_MS) item.sent = false;
    }
    this.flush();
  }

  stop() {
    clearInterval(this.clock);
    this.items.clear();
  }
}

/** A random id, also where the page has no secure context (a hall's own network). */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
