// @ts-check
// Our own swap: part of a page is fetched again and put in place of the old one. The answer is parsed
// by XMLHttpRequest itself ("document"), so no Trusted Types sink is touched; a script in it stays dead.

/** @typedef {{page: Document | null, status: number, url: string}} Answer */

/** @param {string} url @param {URLSearchParams} [body] @returns {Promise<Answer>} */
export function ask(url, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", url);
    request.responseType = "document";
    request.timeout = 15000;
    request.setRequestHeader("X-Part", "1");
    request.onload = () => resolve({ page: request.responseXML, status: request.status, url: request.responseURL });
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send(body);
  });
}

const TYPED = "input[name], textarea[name], select[name], details[id]";
/** @param {Element} field */
const nameOf = (field) => `${field.tagName} ${field.id || field.getAttribute("name")} ${field.getAttribute("type") === "radio" || field.getAttribute("type") === "checkbox" ? field.getAttribute("value") : ""}`;

/** Put `fresh`'s children into `place`; what was typed, ticked, opened and focused stays. @param {Element} place @param {Element} fresh */
export function swap(place, fresh) {
  const copy = /** @type {Element} */ (document.adoptNode(fresh));
  const held = new Map([...place.querySelectorAll(TYPED)].map((field) => [nameOf(field), field]));
  for (const field of /** @type {NodeListOf<any>} */ (copy.querySelectorAll(TYPED))) {
    const old = /** @type {any} */ (held.get(nameOf(field)));
    if (!old || field.type === "hidden") continue;
    if (field instanceof HTMLDetailsElement) field.open = old.open;
    else if (field.type === "checkbox" || field.type === "radio") { if (old.checked !== old.defaultChecked) field.checked = old.checked; }
    else if (field instanceof HTMLSelectElement ? old.selectedIndex >= 0 : old.value !== old.defaultValue) field.value = old.value;
  }
  const active = /** @type {any} */ (document.activeElement);
  const key = active && active !== place && place.contains(active) ? nameOf(active) : "";
  const text = key && (active.id || active.getAttribute("name")) ? [active.selectionStart, active.selectionEnd] : null;
  if ([...place.childNodes].map((node) => node.isEqualNode(copy.childNodes[[...place.childNodes].indexOf(node)] ?? null)).every(Boolean) && place.childNodes.length === copy.childNodes.length) return;
  place.replaceChildren(...copy.childNodes);
  const again = text && /** @type {any} */ ([...place.querySelectorAll("[id], [name]")].find((one) => nameOf(one) === key));
  if (again) { again.focus({ preventScroll: true }); if (text[0] !== null && text[0] !== undefined) again.setSelectionRange(text[0], text[1]); }
  place.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
}

/** Somewhere else than asked: the page goes there. @param {Answer} answer @param {string} asked @returns {boolean} */
function went(answer, asked) {
  if (!answer.url || new URL(answer.url).pathname === new URL(asked, location.href).pathname) return false;
  location.replace(answer.url);
  return true;
}

/** `<live-part id src every>`: fetches `src` again every so many seconds while it is seen. */
export class LivePart extends HTMLElement {
  #timer = 0; #failed = 0; #busy = false;
  #seen = () => { if (!document.hidden) void this.refresh(); };
  connectedCallback() { document.addEventListener("visibilitychange", this.#seen); this.#plan(); }
  disconnectedCallback() { document.removeEventListener("visibilitychange", this.#seen); clearTimeout(this.#timer); }
  #plan() {
    clearTimeout(this.#timer);
    const every = Number(this.getAttribute("every"));
    // A tenth of chance keeps many waiting people from asking at the same moment.
    if (every && this.isConnected) this.#timer = window.setTimeout(this.#seen, Math.min(60, every * 2 ** this.#failed) * 1000 * (0.95 + Math.random() / 10));
  }
  /** Fetch now. A redirect leads the whole page there; what cannot be fetched is tried again, later each time. */
  async refresh() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const src = this.getAttribute("src") ?? location.href;
      const answer = await ask(src);
      if (answer.status >= 400 || !answer.page) throw new Error(String(answer.status));
      if (went(answer, src)) return;
      swap(this, (this.id && answer.page.getElementById(this.id)) || answer.page.querySelector("live-part") || answer.page.body);
      this.#failed = 0;
    } catch { this.#failed = Math.min(this.#failed + 1, 5); this.dispatchEvent(new CustomEvent("part-failed", { bubbles: true })); } finally { this.#busy = false; this.#plan(); }
  }
}
