// @ts-check
// The care card in the log: asked for when the server says so, put behind its message, and looked at
// again while it says that somebody was told, because each of its sentences has to stay true.
import { ask, swap } from "../swap.js";

const AGAIN_MS = 30000;

export class Care {
  /**
   * @param {import("./log.js").Log} log
   * @param {string} page the address of the talk
   * @param {HTMLElement | null} box where the person writes
   */
  constructor(log, page, box) {
    this.log = log;
    this.page = page;
    this.box = box;
    /** @type {number | undefined} */
    this.timer = undefined;
    log.list.addEventListener("submit", (event) => void this.putAway(event));
    this.watch();
  }

  waits() {
    return this.log.list.querySelector("[data-waits]") !== null;
  }

  watch() {
    clearInterval(this.timer);
    if (!this.waits()) return;
    this.timer = setInterval(() => {
      if (this.waits()) void this.look();
      else this.stop();
    }, AGAIN_MS);
  }

  stop() {
    clearInterval(this.timer);
  }

  /** The cards as they are now. The focus is never taken. */
  async look() {
    let answer;
    try {
      answer = await ask(`${this.page}/card`);
    } catch (error) {
      return; // the next look, or the next page
    }
    if (answer.status >= 400) return;
    const end = this.log.atEnd();
    const list = this.log.list;
    const cards = /** @type {HTMLElement[]} */ ([...answer.page.querySelectorAll("#cards > .care")]);
    const ids = new Set(cards.map((card) => card.id));
    for (const old of list.querySelectorAll(".care")) if (!ids.has(old.id)) old.remove();
    /** @type {HTMLElement | null} */
    let added = null;
    for (const card of cards) {
      const fresh = document.adoptNode(card);
      const held = document.getElementById(fresh.id);
      if (held) {
        held.toggleAttribute("data-waits", fresh.hasAttribute("data-waits"));
        swap(held, fresh);
      } else {
        const said = fresh.dataset.after && list.querySelector(`[data-id="${CSS.escape(fresh.dataset.after)}"]`);
        list.insertBefore(fresh, said ? said.nextElementSibling : null);
        added = fresh;
      }
    }
    // A card that is higher than the log is read from its first line: the numbers stand there.
    if (end && added && added.offsetHeight > list.clientHeight) {
      list.scrollTop += added.getBoundingClientRect().top - list.getBoundingClientRect().top;
    } else if (end) this.log.toEnd();
    this.watch();
  }

  /** @param {SubmitEvent} event */
  async putAway(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.care === undefined) return;
    event.preventDefault();
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) values.append(name, String(value));
    const pressed = event.submitter;
    if (pressed instanceof HTMLButtonElement && pressed.name) values.set(pressed.name, pressed.value);
    try {
      await ask(form.action, values);
    } catch (error) {
      return;
    }
    await this.look();
    this.box?.focus();
  }
}
