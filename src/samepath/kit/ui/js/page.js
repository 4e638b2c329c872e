// @ts-check
// What every page with script does. Leaving comes first and stands alone: it is written for old
// browsers, and the rest is fetched apart, so that what one of them cannot read takes nothing away.
import { watchExit } from "./exit.js";

watchExit();

const rest = [import("./forms.js"), import("./live-part.js")];

void Promise.all(rest).then(([forms]) => {
  // A page about something that may be watched turns discreet mode on for this visit.
  if (document.querySelector('meta[name="discreet"][content="on"]')) forms.setDiscreet(true);
  forms.watchForms();
});

/** A person who is told about a mistake is brought to it. */
const wrong = document.querySelector(".errors, .wrong input, .wrong textarea, .wrong select");
if (wrong instanceof HTMLElement) wrong.focus();
