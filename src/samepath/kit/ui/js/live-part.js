// @ts-check
// <live-part id="…" src="/address" every="5">: what stands in it is asked for again every so many
// seconds while somebody sees it. Without script it shows what the server put there.
// An answer that redirects leads the whole page there: "somebody is here" needs no other signal.
import { ask, ledElsewhere, swap } from "./swap.js";

export class LivePart extends HTMLElement {
  constructor() {
    super();
    this.failed = 0;
    this.busy = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.seen = () => {
      if (!document.hidden) void this.refresh();
    };
  }

  connectedCallback() {
    document.addEventListener("visibilitychange", this.seen);
    this.plan();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.timer);
  }

  /** Ask again after `every` seconds; later after each failure, at most once a minute by then. */
  plan() {
    clearTimeout(this.timer);
    const every = Number(this.getAttribute("every"));
    if (!every || !this.isConnected) return;
    const wait = Math.max(every, Math.min(60, every * 2 ** this.failed));
    // A tenth of chance keeps many waiting people from asking in the same moment.
    this.timer = setTimeout(this.seen, wait * 1000 * (0.95 + Math.random() / 10));
  }

  /** Ask now. Never rejects; a failure is told by the event "part-failed". */
  async refresh() {
    if (this.busy) return;
    this.busy = true;
    const src = this.getAttribute("src") || location.href;
    try {
      const answer = await ask(src);
      if (answer.status >= 400) throw new Error(String(answer.status));
      if (ledElsewhere(answer, src)) {
        location.replace(answer.url);
        return;
      }
      const same = this.id ? answer.page.getElementById(this.id) : null;
      swap(this, same || answer.page.querySelector("live-part") || answer.page.body);
      this.failed = 0;
    } catch (error) {
      this.failed += 1;
      this.dispatchEvent(new CustomEvent("part-failed", { bubbles: true }));
    } finally {
      this.busy = false;
      this.plan();
    }
  }
}

customElements.define("live-part", LivePart);
