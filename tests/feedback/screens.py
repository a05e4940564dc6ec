"""A browser without script: presses a button and posts what the page's form carries, nothing else."""

import re
from html import unescape
from html.parser import HTMLParser

NATURAL_FORM = {"kind": "suggestion", "topic": "living", "unit": "YX-LJ"}


class _Forms(HTMLParser):
    """The fields of each form of a page, as a browser would send them without a button."""

    def __init__(self):
        super().__init__()
        self.forms, self._form, self._select, self._area = [], None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._form = {
                "action": attrs.get("action"),
                "method": attrs.get("method", "get"),
                "id": attrs.get("id"),
                "fields": {},
            }
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            kind, name = attrs.get("type", "text"), attrs.get("name")
            if not name or kind in ("submit", "file") or (kind in ("checkbox", "radio") and "checked" not in attrs):
                return
            self._add(name, attrs.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = attrs.get("name")
        elif tag == "option" and self._select and "selected" in attrs:
            self._add(self._select, attrs.get("value", ""))
        elif tag == "textarea":
            self._area = [attrs.get("name"), ""]

    def handle_data(self, data):
        if self._area is not None:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            # A browser drops the line end right after <textarea>.
            self._add(self._area[0], self._area[1].removeprefix("\r").removeprefix("\n"))
            self._area = None

    def _add(self, name, value):
        if self._form is not None:
            self._form["fields"].setdefault(name, []).append(value)


def forms_of(response):
    """Return the POST forms of a page that belong to its content."""
    reader = _Forms()
    reader.feed(response.content.decode())
    return [
        form
        for form in reader.forms
        if form["method"].lower() == "post" and "preferences" not in form["action"] and "sign-out" not in form["action"]
    ]


def press(client, response, *, form=0, without=(), **pressed):
    """Post a form of the page with what is typed or pressed, and return the answer."""
    found = forms_of(response)[form]
    fields = {name: values for name, values in found["fields"].items() if name not in without}
    return client.post(found["action"], {**fields, **pressed})


def title(response):
    """Return the page's title."""
    return unescape(re.search(r"<title>(.*?)</title>", response.content.decode(), re.S)[1]).strip()


def heading(response):
    """Return the page's one h1 as text."""
    [words] = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    return unescape(re.sub(r"<[^>]+>", "", words)).strip()


def text(response):
    """Return all that is written on the page."""
    return unescape(response.content.decode())


def code_on(response):
    """Return the receipt code a receipt shows."""
    return re.search(r'data-copy="(\d{16})"', response.content.decode())[1]


def go_to_words(client, address, **answers):
    """Answer the first three questions and return the page that asks for the words."""
    given = {**NATURAL_FORM, **answers}
    page = press(client, client.get(address), kind=given["kind"])
    page = press(client, page, topic=given["topic"])
    more = {"is_about_cadre": "on"} if given.get("is_about_cadre") else {}
    return press(client, page, unit=given["unit"], **more)


def go_to_check(
    client,
    address,
    *,
    mode=None,
    subject="夜班吃不上热饭",
    body="三班倒职工夜班\n吃不上热饭。",
    suggestion="",
    **answers,
):
    """Answer every question and return the overview before sending."""
    page = press(client, go_to_words(client, address, **answers), subject=subject, body=body, suggestion=suggestion)
    return press(client, page, mode=mode) if mode else page
