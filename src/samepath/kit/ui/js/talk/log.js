// @ts-check
// The log on the page: every line once, in the order of its number, whoever brings it.

/** @typedef {{seq: number, id: string, sort: string, by: string | null, at: string, notice?: string,
 *  client_id?: string, text?: string | null}} Said */

export class Log {
  /** @param {HTMLElement} list @param {(name: string) => string} word @param {string} me */
  constructor(list, word, me) {
    this.list = list;
    this.word = word;
    this.me = me;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-seq]"))) {
      this.rows.set(Number(row.dataset.seq), row);
    }
    this.language = document.documentElement.lang || "en";
    this.clock = new Intl.DateTimeFormat(this.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.calendar = new Intl.DateTimeFormat(this.language, { weekday: "long", day: "numeric", month: "long" });
    for (const row of this.rows.values()) this.showTime(row);
    this.markDays();
    this.toEnd();
    this.keepEnd();
  }

  /** Whoever reads the newest words still does when the keyboard of a phone opens. */
  keepEnd() {
    let end = true;
    this.list.addEventListener("scroll", () => { end = this.atEnd(); }, { passive: true });
    if (!("ResizeObserver" in window)) return;
    new ResizeObserver(() => {
      if (end) this.toEnd();
    }).observe(this.list);
  }

  /** The newest line up to which there is no hole. @param {number} from */
  unbroken(from) {
    let seq = from;
    while (this.rows.has(seq + 1)) seq += 1;
    return seq;
  }

  get newest() {
    return Math.max(0, ...this.rows.keys());
  }

  get oldest() {
    return this.rows.size ? Math.min(...this.rows.keys()) : 0;
  }

  atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** An empty message of mine or theirs, from the page's one template. @param {boolean} mine */
  blank(mine) {
    const source = /** @type {HTMLTemplateElement} */ (
      document.getElementById(mine ? "line-mine" : "line-theirs")
    );
    const row = /** @type {HTMLElement} */ (source.content.firstElementChild);
    return /** @type {HTMLElement} */ (document.importNode(row, true));
  }

  /** @param {Said} said */
  make(said) {
    const mine = said.by === this.me;
    let row;
    if (said.sort === "notice") {
      row = document.createElement("li");
      row.className = "state";
      row.textContent = this.word(`${mine ? "own" : "notice"}-${said.notice}`);
      row.dataset.at = said.at;
    } else {
      row = this.blank(mine);
      const gone = said.sort === "removed" || said.text === null;
      if (gone) row.classList.add("gone");
      const words = said.sort === "removed" ? this.word(mine ? "i-removed" : "they-removed") : said.text;
      this.fill(row, words ?? this.word("cannot"), said.at);
      if (gone) this.say(row, "");
    }
    this.number(row, said.seq, said.id);
    return row;
  }

  /** @param {HTMLElement} row @param {string} words @param {string} at */
  fill(row, words, at) {
    const text = row.querySelector("p");
    if (text) text.textContent = words;
    const time = row.querySelector("time");
    if (time) time.dateTime = at;
    this.showTime(row);
  }

  /** How far a message of mine is, in words. @param {HTMLElement} row @param {string} how */
  say(row, how) {
    const place = row.querySelector(".how");
    if (place) place.textContent = how && ` · ${how}`;
  }

  /** @param {HTMLElement} row @param {number} seq @param {string} id */
  number(row, seq, id) {
    row.dataset.seq = String(seq);
    row.dataset.id = id;
  }

  /** @param {HTMLElement} row */
  showTime(row) {
    const time = row.querySelector("time");
    const at = time ? new Date(time.dateTime) : null;
    if (time && at && !Number.isNaN(at.getTime())) time.textContent = this.clock.format(at);
  }

  /** Put a numbered row where it belongs; false when it is there already. @param {HTMLElement} row */
  place(row) {
    const seq = Number(row.dataset.seq);
    const held = this.rows.get(seq);
    if (held && held !== row) {
      row.remove();
      return false;
    }
    this.rows.set(seq, row);
    this.list.querySelector(".nothing")?.remove();
    let before = seq - 1;
    const lowest = this.oldest;
    while (before >= lowest && !this.rows.has(before)) before -= 1;
    const neighbour = this.rows.get(before);
    let spot = neighbour ? neighbour.nextElementSibling : this.firstRow();
    // A care card stays with its message, a message on its way stays last.
    while (spot && spot.matches(".care")) spot = spot.nextElementSibling;
    if (spot !== row) this.list.insertBefore(row, spot);
    this.markDays();
    return true;
  }

  firstRow() {
    return this.list.querySelector(".earlier")?.nextElementSibling || null;
  }

  /** A message that has no number yet stands at the end. @param {HTMLElement} row */
  append(row) {
    this.list.querySelector(".nothing")?.remove();
    this.list.append(row);
    this.markDays();
    this.toEnd();
  }

  /** Days as this reader's own clock parts them. */
  markDays() {
    /** @type {string} */
    let day = "";
    const known = new Map();
    for (const mark of this.list.querySelectorAll(".day")) {
      if (mark instanceof HTMLElement && mark.dataset.day) known.set(mark.dataset.day, mark);
      else mark.remove();
    }
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll(".message, .state[data-at]"))) {
      const at = new Date(row.dataset.at || row.querySelector("time")?.dateTime || "");
      if (Number.isNaN(at.getTime())) continue;
      const key = at.toDateString();
      if (key === day) continue;
      day = key;
      const mark = known.get(key) || document.createElement("li");
      known.delete(key);
      mark.className = "day";
      mark.dataset.day = key;
      const words = this.dayWords(at);
      if (mark.textContent !== words) mark.textContent = words;
      const spot = row.previousElementSibling;
      if (spot !== mark && !(spot?.matches(".unread") && spot.previousElementSibling === mark)) {
        this.list.insertBefore(mark, spot?.matches(".unread") ? spot : row);
      }
    }
    for (const mark of known.values()) mark.remove();
  }

  /** @param {Date} at */
  dayWords(at) {
    const yesterday = new Date();
    yesterday.setDate(yesterday.getDate() - 1);
    if (at.toDateString() === new Date().toDateString()) return this.word("today");
    if (at.toDateString() === yesterday.toDateString()) return this.word("yesterday");
    return this.calendar.format(at);
  }

  /** The "new" mark before a row, if there is none. @param {HTMLElement} row */
  markNew(row) {
    if (this.list.querySelector(".unread")) return;
    const mark = document.createElement("li");
    mark.className = "unread";
    mark.textContent = this.word("new");
    this.list.insertBefore(mark, row);
  }

  clearNew() {
    this.list.querySelector(".unread")?.remove();
  }

  /** What its author took back goes from this page too. Older lines, of which `fresh` says nothing,
   * are put away with it; they can be asked for again. @param {Element} fresh the log as it is now */
  takeBack(fresh) {
    const now = /** @type {HTMLElement[]} */ ([...fresh.querySelectorAll("[data-seq]")]);
    let changed = false;
    for (const row of now) {
      const held = this.rows.get(Number(row.dataset.seq));
      if (!row.matches(".gone") || !held || held.matches(".gone")) continue;
      const mine = /** @type {HTMLElement} */ (document.adoptNode(row));
      this.showTime(mine);
      held.replaceWith(mine);
      this.rows.set(Number(mine.dataset.seq), mine);
      changed = true;
    }
    if (!changed) return;
    const from = Math.min(...now.map((row) => Number(row.dataset.seq)));
    for (const [seq, row] of this.rows) {
      if (seq >= from) continue;
      row.remove();
      this.rows.delete(seq);
    }
    this.markDays();
  }

  /** Far behind: begin anew with what comes. */
  clear() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.clearNew();
    this.markDays();
  }

  /** Nothing stays readable. */
  wipe() {
    this.list.replaceChildren();
    this.rows.clear();
  }
}
