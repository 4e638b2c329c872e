"""A visitor without script: loads pages, fills in their forms as they stand, follows the answer.

What a browser without JavaScript would send is sent, hidden fields, ticked boxes and tokens
included; a form or button that is not on the page cannot be used.
"""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar


@dataclass
class Form:
    """A form as it stands on a page; `fields` holds what would be sent, in order."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offered: list[tuple[str, str]] = field(default_factory=list)  # boxes and radios, ticked or not
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def choices(self, name: str) -> list[str]:
        """What can be chosen in a list, or ticked."""
        return [value for key, value in self.offered if key == name]

    def value(self, name: str) -> str | None:
        """What stands in a field."""
        return next((value for key, value in self.fields if key == name), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag in ("script", "style", "template"):
            self._silent += 1
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, given, name, value)

    def _control(self, form: Form, tag: str, given: dict[str, str], name: str, value: str) -> None:
        if tag == "textarea":
            self._area = name
            form.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.offered.append((self._select, value))
            if "selected" in given:
                form.fields.append((self._select, value))
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, value))
        elif tag == "input":
            if given.get("type") in ("checkbox", "radio"):
                value = value or "on"
                form.offered.append((name, value))
                if "checked" not in given:
                    return
            if name:
                form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template"):
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            self._area = None
            if self._form is not None:
                name, value = self._form.fields[-1]
                # A browser drops the line break right after the opening tag.
                plain = value.replace("\r\n", "\n").removeprefix("\n")
                self._form.fields[-1] = (name, plain)
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            name, value = self._form.fields[-1]
            self._form.fields[-1] = (name, value + data)
        if not self._silent and self._area is None:
            self.words.append(data)


@dataclass(frozen=True)
class Page:
    """What came back: the words people read, the forms and the links."""

    url: str
    status: int
    html: str
    words: str
    forms: list[Form]
    links: list[str]

    @property
    def path(self) -> str:
        """The address without its host."""
        return urllib.parse.urlsplit(self.url).path

    def form(self, action: str, button: tuple[str, str] | None = None) -> Form:
        """The first form to an address with `action` in it, with this button, or LookupError."""
        for form in self.forms:
            if action in (form.action or self.path) and (button is None or button in form.buttons):
                return form
        pressed = f" with the button {button}" if button else ""
        raise LookupError(f"no form to {action}{pressed} on {self.path}")


class Visitor:
    """One browser without script: its own cookies, one page at a time."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.jar = CookieJar()
        # An empty ProxyHandler: what the machine uses for the outside is not for loopback.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def cookies(self) -> dict[str, str]:
        """Name and value of what the browser keeps."""
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def get(self, path: str) -> Page:
        """Load a page and follow where it leads. Any status is an answer, never an error."""
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.origin, path)))

    def send(
        self,
        page: Page,
        action: str,
        *,
        button: tuple[str, str] | None = None,
        **values: str | list[str],
    ) -> Page:
        """Send a form of this page with some fields changed.

        Raises LookupError: no such form, field or button on the page.
        """
        form = page.form(action, button)
        names = {name for name, _value in (*form.fields, *form.offered)}
        if missing := set(values) - names:
            raise LookupError(f"no field {missing} in the form to {action} on {page.path}")
        if button is None and form.buttons and form.buttons[0][0]:
            button = form.buttons[0]
        sent = [pair for pair in form.fields if pair[0] not in values]
        for name, value in values.items():
            sent += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        if button is not None and button[0]:
            sent.append(button)
        to = urllib.parse.urljoin(page.url, form.action or page.url)
        body = urllib.parse.urlencode(sent)
        if form.method != "post":
            return self.get(f"{to.split('?')[0]}?{body}")
        return self._ask(
            urllib.request.Request(
                to, data=body.encode(), headers={"Origin": self.origin, "Referer": page.url}
            )
        )

    def _ask(self, request: urllib.request.Request) -> Page:
        request.add_header("User-Agent", "visitor without script")
        try:
            with self._opener.open(request, timeout=30) as answer:
                body, status, url = answer.read(), answer.status, answer.url
        except urllib.error.HTTPError as error:
            with error:
                body, status, url = error.read(), error.code, error.url or request.full_url
        html = body.decode()
        reader = _Reader()
        reader.feed(html)
        reader.close()
        words = " ".join(" ".join(reader.words).split())
        return Page(url, status, html, words, reader.forms, reader.links)
