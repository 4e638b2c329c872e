// @ts-check
// <live-talk>: makes the page of a talk live. Without it the page is whole: a form, and a log that
// asks for itself again.
import { ask, swap } from "./swap.js";
import { Care } from "./talk/care.js";
import { Line } from "./talk/line.js";
import { Log } from "./talk/log.js";
import { Outbox } from "./talk/outbox.js";

const LONGEST = 4000;
const MOST_LINES = 200;
const TYPING_MS = 3000;
const SLOW_AFTER = 2; // tries without a socket before the page asks by itself
const SLOW_MS = 5000;
const HOLE_MS = 400;

class LiveTalk extends HTMLElement {
  connectedCallback() {
    const log = this.querySelector("#log");
    if (this.line || !(log instanceof HTMLElement)) return;
    const given = this.dataset;
    this.talk = given.talk || "";
    this.page = `/conversations/${this.talk}`;
    this.words = new Map(
      [.../** @type {HTMLTemplateElement} */ (this.querySelector("#talk-words")).content.children].map(
        (one) => [one.getAttribute("data-for"), one.textContent || ""],
      ),
    );
    this.log = new Log(log, (name) => this.words.get(name) || "", given.me || "");
    this.last = Number(given.last) || 0;
    this.readTo = Number(given.read) || 0;
    this.typedAt = 0;
    this.composer = /** @type {HTMLFormElement | null} */ (this.querySelector(".composer"));
    this.box = /** @type {HTMLTextAreaElement | null} */ (this.querySelector("textarea"));
    this.outbox = new Outbox((item) => this.pass(item), (item, how) => this.showItem(item, how));
    this.line = new Line(given.ticket || "", (frame) => this.hear(frame), (state, tries) => this.tell(state, tries));
    this.care = new Care(this.log, this.page, this.box);
    this.querySelectorAll(".plain-refresh").forEach((one) => one.remove());
    this.listen();
    void this.line.open();
  }

  disconnectedCallback() {
    this.line?.close();
    this.outbox?.stop();
    clearInterval(this.asking);
    this.care?.stop();
    document.removeEventListener("visibilitychange", this.onSeen);
    document.removeEventListener("leaving", this.onLeaving);
  }

  listen() {
    this.onSeen = () => this.seen();
    this.onLeaving = () => {
      this.line.close();
      this.outbox.stop();
      this.log.wipe();
      if (this.box) this.box.value = "";
    };
    document.addEventListener("visibilitychange", this.onSeen);
    document.addEventListener("leaving", this.onLeaving);
    this.log.list.addEventListener("scroll", () => this.seen(), { passive: true });
    const down = this.querySelector(".to-end button");
    if (down) down.addEventListener("click", () => this.log.toEnd());
    this.log.list.addEventListener("click", (event) => this.onLog(event));
    this.seen();
    if (!this.composer || !this.box) return;
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.box.addEventListener("input", () => this.onTyping());
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.grow();
    const hint = this.querySelector("#words-hint");
    if (hint instanceof HTMLElement) hint.hidden = !keyboard.matches;
  }

  // Saying

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !keyboard.matches) return;
    event.preventDefault();
    this.say();
  }

  onTyping() {
    this.grow();
    this.complain("");
    const now = performance.now();
    if (this.box.value.trim() && now - this.typedAt > TYPING_MS) {
      this.typedAt = now;
      this.line.send({ verb: "typing", conversation: this.talk });
    }
  }

  /** Where the browser does not grow the box by itself. */
  grow() {
    if (!CSS.supports("field-sizing", "content")) {
      this.box.rows = Math.min(8, this.box.value.split("\n").length);
    }
  }

  /** @param {string} sentence */
  complain(sentence) {
    const place = this.querySelector("#words-wrong");
    if (!(place instanceof HTMLElement)) return;
    place.hidden = !sentence;
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  say() {
    const text = this.box.value;
    const over = [...text.trim()].length - LONGEST;
    if (!text.trim()) return;
    if (over > 0 || text.trim().split("\n").length > MOST_LINES) {
      const word = over > 0 ? "long" : "lines";
      this.complain(this.words.get(word).replace("%(over)s", String(over)));
      // Too long to send, and still heard if it speaks of danger: the server looks at it.
      const client_id = crypto.randomUUID ? crypto.randomUUID() : this.talk;
      this.line.send({ verb: "post", conversation: this.talk, client_id, text: text.slice(0, 12000) });
      return;
    }
    const row = this.log.blank(true);
    this.log.fill(row, text.trim(), new Date().toISOString());
    this.log.clearNew();
    this.log.append(row);
    this.outbox.add(text, row);
    this.box.value = "";
    this.typedAt = 0;
    this.grow();
    this.complain("");
    this.box.focus();
  }

  /** @param {import("./talk/outbox.js").Item} item */
  pass(item) {
    const { id, text } = item;
    if (this.line.send({ verb: "post", conversation: this.talk, client_id: id, text })) return true;
    if (!this.slow) {
      this.line.hurry();
      return false;
    }
    void this.postByForm(item);
    return true;
  }

  /** @param {import("./talk/outbox.js").Item} item */
  async postByForm(item) {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(this.composer)) values.append(name, String(value));
    values.set("client_id", item.id);
    values.set("text", item.text);
    try {
      const answer = await fetch(`${this.page}/messages`, {
        method: "POST",
        body: values,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      const told = await answer.json();
      this.hear(told);
      if (told.card) void this.care.look();
    } catch (error) {
      this.outbox.later(item.id, SLOW_MS / 1000);
    }
  }

  /** @param {import("./talk/outbox.js").Item} item @param {"sending" | "waiting" | "failed"} how */
  showItem(item, how) {
    if (item.row.dataset.how === how) return;
    item.row.dataset.how = how;
    item.row.classList.toggle("not-sent", how !== "sending");
    this.log.say(item.row, this.words.get(how));
    item.row.querySelector(".acts")?.remove();
    if (how !== "failed") return;
    const acts = document.createElement("div");
    acts.className = "acts";
    for (const [word, act] of [["again", () => this.outbox.retry(item)], ["back", () => this.takeBack(item)]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "act quiet";
      button.textContent = this.words.get(/** @type {string} */ (word));
      button.addEventListener("click", /** @type {() => void} */ (act));
      acts.append(button);
    }
    item.row.append(acts);
  }

  /** @param {import("./talk/outbox.js").Item} item */
  takeBack(item) {
    this.outbox.drop(item);
    item.row.remove();
    if (!this.box) return;
    this.box.value = this.box.value ? `${item.text}\n${this.box.value}` : item.text;
    this.grow();
    this.box.focus();
  }

  // Hearing

  /** @param {any} frame */
  hear(frame) {
    if (frame.welcome) {
      this.line.send({ verb: "subscribe", channel: `conversation:${this.talk}`, after: this.last });
    } else if (frame.subscribed) {
      this.outbox.renew();
    } else if (frame.ack) {
      this.confirm(frame.ack, frame);
    } else if (frame.line) {
      this.add(frame.line, true);
    } else if (frame.lines) {
      if (frame.far) {
        this.log.clear();
        this.last = frame.lines[0].seq - 1;
      }
      for (const line of frame.lines) this.add(line, false);
      this.showEarlier();
    } else if (frame.error && frame.channel) {
      // Not ours any more: the page says so. Or not now: once more.
      if (frame.error === "not_found") location.reload();
      else setTimeout(() => this.hear({ welcome: true }), (frame.retry_after || 5) * 1000);
    } else if (frame.error) {
      this.refused(frame);
    } else if (frame.typing && frame.member !== this.dataset.me) {
      this.someoneTypes();
    } else if (frame.card) {
      void this.care.look();
    } else if (frame.changed) {
      void this.refresh();
    }
  }

  /** @param {string} id @param {{seq: number, id: string, at: string}} told */
  confirm(id, told) {
    const item = this.outbox.confirm(id);
    if (!item) return;
    item.row.classList.remove("not-sent");
    item.row.querySelector(".acts")?.remove();
    const time = item.row.querySelector("time");
    if (time) time.dateTime = told.at;
    this.log.showTime(item.row);
    this.log.say(item.row, this.words.get("sent"));
    this.log.number(item.row, told.seq, told.id);
    this.log.place(item.row);
    this.level();
  }

  /** @param {import("./talk/log.js").Said} said @param {boolean} live */
  add(said, live) {
    if (said.client_id && this.outbox.items.has(said.client_id)) {
      this.confirm(said.client_id, said);
      return;
    }
    if (this.log.rows.has(said.seq)) return;
    const end = this.log.atEnd();
    const row = this.log.make(said);
    const mine = said.by === this.dataset.me;
    if (live) row.classList.add("new");
    this.log.place(row);
    if (!mine && said.sort !== "notice") {
      this.quietTyping();
      this.isHere();
      if (document.hidden || !end) this.log.markNew(row);
    }
    if (end) this.log.toEnd();
    if (said.sort === "notice") void this.refresh();
    this.level();
    this.seen();
  }

  /** Up to where everything is here; a hole that stays is asked for. */
  level() {
    this.last = this.log.unbroken(this.last);
    if (this.log.newest <= this.last || this.hole) return;
    this.hole = setTimeout(() => {
      this.hole = undefined;
      this.last = this.log.unbroken(this.last);
      if (this.log.newest > this.last) {
        this.line.send({ verb: "resume", conversation: this.talk, after: this.last });
      }
    }, HOLE_MS);
  }

  /** @param {any} frame */
  refused(frame) {
    if (!frame.client_id) return;
    if (frame.error === "unavailable" || frame.error === "too_many") {
      this.outbox.later(frame.client_id, frame.retry_after || 5);
      return;
    }
    if (!this.outbox.items.has(frame.client_id)) return;
    this.outbox.fail(frame.client_id);
    if (frame.sentence) this.complain(frame.sentence);
    if (frame.error === "closed" || frame.error === "left") void this.refresh();
  }

  someoneTypes() {
    const place = this.querySelector(".typing");
    if (!place) return;
    this.isHere();
    place.textContent = this.words.get("typing");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.quietTyping(), 2 * TYPING_MS);
  }

  /** Somebody who writes is here, whatever the page said when it was made. */
  isHere() {
    const now = performance.now();
    if (!document.querySelector("#peer-note .away") || now - (this.askedAt || -1e9) < 10000) return;
    this.askedAt = now;
    void this.refresh();
  }

  quietTyping() {
    const place = this.querySelector(".typing");
    if (place) place.textContent = "";
  }

  // Seeing

  seen() {
    const end = this.log.atEnd();
    const down = this.querySelector(".to-end");
    if (down instanceof HTMLElement) down.hidden = end || !this.log.list.querySelector(".unread");
    if (document.hidden || !end || this.last <= this.readTo) return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => {
      if (document.hidden || !this.log.atEnd()) return;
      if (this.line.send({ verb: "read", conversation: this.talk, seq: this.last })) this.readTo = this.last;
    }, 1000);
  }

  /** @param {Event} event */
  onLog(event) {
    const link = event.target instanceof Element ? event.target.closest(".earlier a") : null;
    if (!link) return;
    event.preventDefault();
    void this.earlier();
  }

  showEarlier() {
    const place = this.log.list.querySelector(".earlier");
    if (place instanceof HTMLElement) place.hidden = this.log.oldest <= 1;
  }

  async earlier() {
    const list = this.log.list;
    const height = list.scrollHeight - list.scrollTop;
    try {
      const answer = await ask(`${this.page}/lines?before=${this.log.oldest}`);
      this.takeRows(answer.page);
    } catch (error) {
      return;
    }
    this.showEarlier();
    list.scrollTop = list.scrollHeight - height;
  }

  /** Rows as the server wrote them. @param {Document} page */
  takeRows(page) {
    const found = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("#lines [data-seq]"));
    for (const row of [...found]) {
      if (this.log.rows.has(Number(row.dataset.seq))) continue;
      const mine = document.adoptNode(row);
      this.log.showTime(mine);
      this.log.place(mine);
    }
    this.level();
  }

  // The line

  /** @param {import("./talk/line.js").State} state @param {number} tries */
  tell(state, tries) {
    this.slow = state === "lost" && tries >= SLOW_AFTER;
    clearInterval(this.asking);
    // Signed out, here or from another device: what was said does not stay on this screen.
    if (state === "signed-out") this.log.wipe();
    if (this.slow) {
      this.asking = setInterval(() => void this.askForLines(), SLOW_MS);
      void this.askForLines();
    }
    const place = this.querySelector(".link-state");
    if (!(place instanceof HTMLElement)) return;
    const words = { lost: this.slow ? "slow" : "lost", elsewhere: "elsewhere", "signed-out": "signed-out" }[state];
    clearTimeout(this.telling);
    // A blink of the line is nobody's business; what lasts is said.
    this.telling = setTimeout(() => {
      place.hidden = !words;
      place.textContent = words ? this.words.get(words) : "";
      if (state !== "elsewhere") return;
      const here = document.createElement("button");
      here.type = "button";
      here.textContent = place.textContent;
      here.addEventListener("click", () => this.line.again(0));
      place.replaceChildren(here);
    }, state === "lost" && tries < SLOW_AFTER ? 1500 : 0);
  }

  /** No socket, but pages still come: ask for what is new. */
  async askForLines() {
    try {
      const answer = await ask(`${this.page}/lines?after=${this.last}`);
      if (answer.status >= 400) return;
      const end = this.log.atEnd();
      this.takeRows(answer.page);
      if (end) this.log.toEnd();
      this.outbox.flush();
    } catch (error) {
      const place = this.querySelector(".link-state");
      if (place) place.textContent = this.words.get("lost");
    }
  }

  /** What stands round the log is asked for again; what is being typed stays. */
  async refresh() {
    this.stale = this.refreshing;
    if (this.refreshing) return;
    this.refreshing = true;
    try {
      const answer = await ask(this.page);
      if (answer.status >= 400) return;
      for (const id of ["peer-note", "talk-acts", "talk-notes", "talk-end"]) {
        const place = document.getElementById(id);
        const fresh = answer.page.getElementById(id);
        if (place && fresh) swap(place, fresh);
      }
      const fresh = answer.page.getElementById("log");
      if (fresh) this.log.takeBack(fresh);
      this.showEarlier();
      const open = answer.page.getElementById("composer") !== null;
      if (!this.composer) {
        if (open) location.reload();
        return;
      }
      // Words that were not sent stay in sight, so that they can be taken along.
      this.composer.hidden = !open && !this.box.value;
      const send = this.composer.querySelector("button");
      if (send) send.disabled = !open;
    } catch (error) {
      // The line tells when it is lost.
    } finally {
      this.refreshing = false;
      if (this.stale) void this.refresh();
    }
  }
}

const keyboard = matchMedia("(hover: hover) and (pointer: fine)");

customElements.define("live-talk", LiveTalk);
