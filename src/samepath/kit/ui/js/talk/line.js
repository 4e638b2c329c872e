// @ts-check
// The socket of a talk page: a ticket first, then frames; it comes back by itself.
// Contract: docs/flows/live.md. It knows nothing of the page.

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 60000;
const PING_MS = 20000;
const ANSWER_MS = 10000;
const TICKET_MS = 45000; // a ticket lives for a minute

/** @typedef {"connecting" | "open" | "lost" | "elsewhere" | "signed-out" | "closed"} State */

export class Line {
  /**
   * @param {string} ticket from the page
   * @param {(frame: any) => void} hear
   * @param {(state: State, tries: number) => void} tell
   */
  constructor(ticket, hear, tell) {
    this.ticket = ticket;
    this.ticketAt = ticket ? performance.now() : -Infinity;
    this.hear = hear;
    this.tell = tell;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {State} */
    this.state = "connecting";
    this.tries = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {number | undefined} */
    this.pinger = undefined;
    this.heardAt = 0;
    this.hurriedAt = -Infinity;
    this.soon = () => {
      if (!document.hidden && (this.state === "lost" || this.state === "elsewhere")) this.again(300);
    };
    addEventListener("online", this.soon);
    document.addEventListener("visibilitychange", this.soon);
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    this.tell(state, this.tries);
  }

  async open() {
    clearTimeout(this.timer);
    if (this.socket || this.state === "closed" || this.state === "signed-out") return;
    if (this.state !== "lost") this.become("connecting");
    if (performance.now() - this.ticketAt > TICKET_MS && !(await this.renew())) return;
    if (this.socket || this.isOver()) return;
    const address = new URL("/live", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address.href);
    this.socket = socket;
    // A handshake that gets no answer, as behind some proxies, must not hold us for minutes.
    const patience = setTimeout(() => socket.close(), ANSWER_MS);
    socket.onopen = () => socket.send(JSON.stringify({ verb: "ticket", ticket: this.ticket }));
    socket.onmessage = (event) => {
      clearTimeout(patience);
      this.take(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      clearTimeout(patience);
      if (this.socket === socket) this.lost(event.code);
    };
    this.ticketAt = -Infinity; // it opens once
  }

  /** Ask for a fresh ticket; false when there is none to be had now. */
  async renew() {
    let status = 0;
    try {
      const answer = await fetch("/live/ticket", { method: "POST", credentials: "same-origin" });
      status = answer.status;
      if (answer.ok) {
        this.ticket = (await answer.json()).ticket;
        this.ticketAt = performance.now();
        return true;
      }
    } catch (error) {
      // No network: the same as no answer.
    }
    if (status === 403) this.become("signed-out");
    else this.lost(0);
    return false;
  }

  /** @param {any} frame */
  take(frame) {
    this.heardAt = performance.now();
    if (frame.ticket) {
      this.ticket = frame.ticket;
      this.ticketAt = this.heardAt;
    }
    if (frame.welcome) {
      this.tries = 0;
      clearInterval(this.pinger);
      this.pinger = setInterval(() => this.ping(), PING_MS);
      this.become("open");
    }
    this.hear(frame);
  }

  ping() {
    const asked = performance.now();
    this.send({ verb: "ping" });
    const socket = this.socket;
    setTimeout(() => {
      // A line that died without a word (sleep, a changed network) never closes by itself.
      if (this.socket === socket && this.heardAt < asked && !document.hidden) this.drop();
    }, ANSWER_MS);
  }

  /** Give this socket up and try again. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    socket.onclose = socket.onmessage = null;
    socket.close();
    this.lost(0);
  }

  /** @param {number} code */
  lost(code) {
    this.socket = null;
    clearInterval(this.pinger);
    if (this.isOver()) return;
    if (code === 4401) this.ticketAt = -Infinity;
    if (code === 4404) {
      location.reload();
      return;
    }
    this.tries += 1;
    this.become(code === 4408 ? "elsewhere" : "lost");
    if (code === 4408) return;
    // By chance, so that a thousand pages do not come back in one moment.
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.tries - 1));
    this.again(code === 4401 && this.tries === 1 ? 0 : Math.random() * most);
  }

  /** @param {number} ms */
  again(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), ms);
  }

  /** Somebody wants to say something: do not wait out the whole pause. */
  hurry() {
    const now = performance.now();
    if (this.state !== "lost" || this.socket || now - this.hurriedAt < 5000) return;
    this.hurriedAt = now;
    this.again(200);
  }

  isOver() {
    return this.state === "closed" || this.state === "signed-out";
  }

  /** Send a frame; false when nobody would hear it. @param {object} frame */
  send(frame) {
    if (this.state !== "open" || !this.socket || this.socket.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  close() {
    this.state = "closed";
    clearTimeout(this.timer);
    clearInterval(this.pinger);
    removeEventListener("online", this.soon);
    document.removeEventListener("visibilitychange", this.soon);
    const socket = this.socket;
    this.socket = null;
    if (socket) socket.close(1000);
  }
}
