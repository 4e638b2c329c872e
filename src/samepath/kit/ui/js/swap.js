// @ts-check
// Our own swap: a piece of page is asked for again and put in place of the old one. The browser
// parses the answer itself (XMLHttpRequest, "document"), so no Trusted Types sink is touched and a
// script in the answer stays dead. Why not a library: docs/decisions/0004-htmx-or-own-swap.md

/** @typedef {{page: Document, status: number, url: string}} Answer */

/**
 * Ask our own server for a page; with a body as a form would. Rejects when nothing comes back.
 * @param {string} url @param {URLSearchParams} [body] @returns {Promise<Answer>}
 */
export function ask(url, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", url);
    request.responseType = "document";
    request.timeout = 15000;
    request.setRequestHeader("X-Part", "1");
    request.onload = () => {
      const page = request.responseXML;
      if (page) resolve({ page, status: request.status, url: request.responseURL || url });
      else reject(new Error(`no page: ${request.status}`));
    };
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send(body);
  });
}

/** What tells a field again in the new piece. @param {any} field @returns {string} */
function nameOf(field) {
  const one = field.type === "radio" || field.type === "checkbox" ? field.value : "";
  return [field.tagName, field.id || field.name || "", one].join(" ");
}

/**
 * Put the children of `fresh` into `place`. What was typed, ticked, opened or focused stays; where
 * nothing changed nothing is touched, so that a screen reader is not told twice.
 * @param {Element} place @param {Element} fresh @returns {boolean} whether anything changed
 */
export function swap(place, fresh) {
  const copy = document.adoptNode(fresh);
  const fields = "input, textarea, select, details[id]";
  const held = new Map([...place.querySelectorAll(fields)].map((one) => [nameOf(one), one]));
  for (const field of /** @type {NodeListOf<any>} */ (copy.querySelectorAll(fields))) {
    const old = /** @type {any} */ (held.get(nameOf(field)));
    if (!old || field.type === "hidden") continue;
    if (field.localName === "details") field.open = old.open;
    else if (field.localName === "select") {
      const chosen = [...old.options].some((one) => one.selected !== one.defaultSelected);
      if (chosen) field.value = old.value;
    } else if (old.checked !== old.defaultChecked) field.checked = old.checked;
    else if (old.value !== old.defaultValue) field.value = old.value;
  }
  if (place.innerHTML === copy.innerHTML) return false;
  const active = /** @type {any} */ (document.activeElement);
  const inside = active !== null && active !== place && place.contains(active);
  const key = inside ? nameOf(active) : "";
  const marks = inside ? [active.selectionStart, active.selectionEnd] : [];
  place.replaceChildren(...copy.childNodes);
  const named = [...place.querySelectorAll("[id], [name]")];
  const again = /** @type {any} */ (inside && named.find((one) => nameOf(one) === key));
  if (again) {
    again.focus({ preventScroll: true });
    if (typeof marks[0] === "number") again.setSelectionRange(marks[0], marks[1]);
  }
  place.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
  return true;
}

/** Whether the answer came from another page of ours than was asked for. @param {Answer} answer @param {string} asked */
export function ledElsewhere(answer, asked) {
  const here = location.href;
  return new URL(answer.url, here).pathname !== new URL(asked, here).pathname;
}
