// @ts-check
// Leaving at once: the exit link, or Shift three times within five seconds. Both work on every page
// with script; the link alone works without (it leads to /exit, which ends the sign-in).
// The counting follows GOV.UK's "exit this page" component: a Shift that was held while another key
// was pressed belongs to typing and does not count.

const WITHIN_MS = 5000;
const PRESSES = 3;

/** Blank the page in this very task, then let /exit end the sign-in and lead somewhere harmless. */
export function leave() {
  document.documentElement.classList.add("left");
  document.body.hidden = true;
  document.dispatchEvent(new CustomEvent("leaving"));
  // `replace`, so that Back does not lead here again.
  location.replace("/exit");
}

/** The sentences said at each press, in the page's language. @returns {string[]} */
function words() {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("exit-words"));
  return template ? [...template.content.children].map((line) => line.textContent || "") : [];
}

export function watchExit() {
  let pressed = 0;
  let typing = false;
  /** @type {number | undefined} */
  let timer;
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said); // a live region speaks only if it was there before its words

  /** @param {number} count @param {string} sentence */
  const show = (count, sentence) => {
    pressed = count;
    if (!said.isConnected) document.body.append(said);
    said.textContent = sentence;
    for (const link of document.querySelectorAll(".exit")) {
      if (count) link.setAttribute("data-pressed", String(count));
      else link.removeAttribute("data-pressed");
    }
  };

  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && !typing) {
      if (pressed + 1 >= PRESSES) {
        leave();
        return;
      }
      if (!pressed) timer = setTimeout(() => show(0, words()[2] || ""), WITHIN_MS);
      show(pressed + 1, words()[pressed] || "");
    } else if (event.key !== "Shift" && pressed) {
      clearTimeout(timer);
      show(0, "");
    }
    typing = event.shiftKey;
  }, true);

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("a.exit") : null;
    if (target) {
      event.preventDefault();
      leave();
    }
  }, true);

  // A page that the browser had put aside must not show what was on it.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.documentElement.classList.add("left");
    document.body.hidden = true;
    location.reload();
  });
}
