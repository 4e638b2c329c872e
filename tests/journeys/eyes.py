"""What eyes and fingers check on any page: axe in light and dark, the width, large targets."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SMALLEST = 44  # CSS pixels a finger needs; the style sheet aims at 46

# A link inside a sentence may be as tall as its line (WCAG 2.2, 2.5.8, "inline"); a box or a radio
# counts with its label; what nobody sees counts not at all.
TARGETS = """(smallest) => {
    const found = [];
    const acts = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const one of document.querySelectorAll(acts)) {
        const style = getComputedStyle(one);
        if (style.visibility === "hidden" || !one.checkVisibility()) continue;
        if (one.closest(".skip, .unseen")) continue;
        const whole = (one.matches("input") && one.closest("label")) || one;
        const box = whole.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        const sentence = style.display === "inline" && [...one.parentElement.childNodes].some(
            (node) => node.nodeType === 3 && node.data.trim().length > 1);
        if (sentence) continue;
        if (box.height < smallest - 0.5 || box.width < smallest - 0.5)
            found.push(`${one.outerHTML.slice(0, 120)}: ${box.width} × ${box.height}`);
    }
    return found;
}"""

WIDTH = """() => {
    const wide = document.documentElement.clientWidth;
    const page = document.scrollingElement.scrollWidth;
    if (page <= wide) return [];
    const out = [...document.body.querySelectorAll("*")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width && (box.right > wide + 0.5 || box.left < -0.5);
    });
    const named = out.slice(0, 4).map((one) => one.outerHTML.slice(0, 120));
    return [`${page} px wide in ${wide}`, ...named];
}"""

AXE = """(options) => axe.run(document, options).then((told) => told.violations.map((one) =>
    `${one.id}: ${one.help}: ` + one.nodes.slice(0, 4).map((node) =>
        node.target.join(" ") + " " + (node.any[0] ? node.any[0].message : "")).join(" | ")))"""

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


def accessibility(page: Page, axe: str, *, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe finds on the page as it stands."""
    page.evaluate(axe)
    found: list[str] = page.evaluate(AXE, options)
    return found


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(WIDTH)
    return found


def too_small(page: Page) -> list[str]:
    """What a finger would miss."""
    found: list[str] = page.evaluate(TARGETS, SMALLEST)
    return found


def look(page: Page, axe: str) -> list[str]:
    """Everything at once: axe in light, its colours in dark, the width, the targets."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [f"light, {one}" for one in accessibility(page, axe)]
    found += [f"does not fit: {one}" for one in too_wide(page)]
    found += [f"small target: {one}" for one in too_small(page)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark, {one}" for one in accessibility(page, axe, options=COLOURS)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found
