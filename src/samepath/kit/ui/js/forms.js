// @ts-check
// Forms that stay on their page, and visits that leave one line in the list of pages.
//
// <form data-swap="id">: the answer's element of that id (or the nearest live-part) takes the place
// of the old one. Without script the form is sent as always.
// Discreet mode: every step inside takes the place of the step before (safety.md 3.16).
import { ask, ledElsewhere, swap } from "./swap.js";

export const isDiscreet = () => {
  try {
    return localStorage.getItem("discreet") === "1";
  } catch (error) {
    return false;
  }
};

/** @param {boolean} on */
export function setDiscreet(on) {
  try {
    if (on) localStorage.setItem("discreet", "1");
    else localStorage.removeItem("discreet");
  } catch (error) {
    // Storage is switched off here: then this page alone is discreet, which nobody is promised.
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter @returns {URLSearchParams} */
function filled(form, submitter) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) values.append(name, String(value));
  const name = submitter && submitter.getAttribute("name");
  if (submitter && name) values.append(name, submitter.getAttribute("value") || "");
  return values;
}

/** Show a whole other page of ours in place, without a new line in the list of pages. @param {import("./swap.js").Answer} answer */
function showInstead(answer) {
  const known = new Set([...document.scripts].map((script) => script.src));
  const needsMore = [...answer.page.scripts].some((script) => script.src && !known.has(script.src));
  const holdsMore = answer.page.querySelector("iframe, meta[http-equiv]") !== null;
  if ((needsMore || holdsMore) && answer.status < 400) {
    location.replace(answer.url);
    return;
  }
  history.replaceState(null, "", answer.url);
  document.documentElement.lang = answer.page.documentElement.lang;
  document.documentElement.dir = answer.page.documentElement.dir;
  document.body.className = answer.page.body.className;
  document.body.replaceChildren(...document.adoptNode(answer.page.body).childNodes);
  scrollTo(0, 0);
  const wrong = document.querySelector(".wrong input, .wrong textarea, .wrong select");
  const main = document.getElementById("main");
  if (wrong instanceof HTMLElement) wrong.focus();
  else if (main) main.focus();
  document.dispatchEvent(new CustomEvent("page-shown"));
}

/** Say in the form that it did not arrive; what was typed is still there. @param {HTMLFormElement} form */
function tellNotSent(form) {
  const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("not-sent-words"));
  if (!words || form.querySelector(".not-sent-line")) return;
  form.prepend(words.content.cloneNode(true));
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function send(form, submitter) {
  const to = form.dataset.swap;
  const address = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action");
  const action = address || location.href;
  const posted = form.method === "post";
  const values = filled(form, submitter);
  const url = posted ? action : `${action.split("?")[0]}?${values}`;
  form.setAttribute("aria-busy", "true");
  form.querySelectorAll(".not-sent-line").forEach((line) => line.remove());
  try {
    const answer = await ask(url, posted ? values : undefined);
    const place = to ? document.getElementById(to) : to === "" ? form.closest("live-part") : null;
    const fresh = place && place.id ? answer.page.getElementById(place.id) : null;
    if (place && fresh) {
      // Taken: the words are on the server, so the box is emptied before the new one comes.
      if (answer.status < 400) form.reset();
      swap(place, fresh);
    } else if (to !== undefined && ledElsewhere(answer, action) && !isDiscreet()) {
      location.assign(answer.url);
    } else {
      showInstead(answer);
    }
  } catch (error) {
    tellNotSent(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

export function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.target) return;
    if (form.dataset.swap === undefined && !isDiscreet()) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    void send(form, event.submitter || null);
  });

  document.addEventListener("click", (event) => {
    if (!isDiscreet() || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.download) return;
    if (link.origin !== location.origin || link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    location.replace(link.href);
  });
}

/** <discreet-mode hidden>: a box that can be ticked; shown only where script can keep the promise. */
class DiscreetMode extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("input");
    if (!box) return;
    box.checked = isDiscreet();
    box.addEventListener("change", () => setDiscreet(box.checked));
    this.hidden = false;
  }
}

customElements.define("discreet-mode", DiscreetMode);
