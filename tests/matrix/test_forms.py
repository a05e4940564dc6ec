"""S3, S4 and U4: what forms take, refuse and say, for made-up, hostile, empty and overloaded data."""

import json
import re
import uuid

import pytest
from django.apps import apps
from django.utils.http import urlencode
from lxml import etree

from portal.kernel.texts import clean_text
from tests import pages
from tests.matrix import table
from tests.matrix.forms import FILES_ONLY, FORMS
from tests.matrix.nasty import hostile_text, rng_of

pytestmark = pytest.mark.django_db
FAIR_SHARE = 0.3
# Answers to a form: taken, shown again with its faults, asked to wait or to come back.
ANSWERS = {200, 302, 403, 404, 409, 422, 429}


SUMMARY_LINKS = etree.XPath("//*[@id = 'error-summary']//ul//a/@href")
VALUES_SHOWN = etree.XPath("//textarea | //input[not(@type = 'password' or @type = 'file')]")


class _Page:
    """The title, the links of the fault summary, all ids, and what the fields hold."""

    def __init__(self, html):
        tree = pages.parsed(html)
        self.title = tree.findtext(".//title") or ""
        self.links = SUMMARY_LINKS(tree)
        self.ids = set(pages.IDS(tree))
        self.values = [
            one.text_content().lstrip("\n") if one.tag == "textarea" else one.get("value", "")
            for one in VALUES_SHOWN(tree)
        ]


def _as_sent(value):
    """Return text as a careless or hostile program puts it on the wire: lone surrogates and all."""
    if hasattr(value, "seek"):
        value.seek(0)  # a file is sent again from its beginning
    # In a list, because the test client takes bare bytes for a sequence of numbers.
    return [value.encode("utf-8", "surrogatepass")] if isinstance(value, str) else value


def send(ask, stage, form, data):
    sent = {name: _as_sent(value) for name, value in data.items()}
    path = stage.address(form.route, form.whose, form.role)
    if any(hasattr(one, "read") for value in sent.values() for one in (value if isinstance(value, list) else [value])):
        return ask(form.role, "POST", path, sent)
    # As browsers send what holds no file.
    return ask(form.role, "POST", path, urlencode(sent, doseq=True), content_type="application/x-www-form-urlencoded")


def spoilt(good, rng):
    """Return the data with some of its values replaced by what breaks careless forms."""
    data = dict(good) or {"surplus": ""}  # a form of one button has no field to spoil
    for name in rng.sample(sorted(data), k=rng.randrange(1, len(data) + 1)):
        if rng.random() < 0.1:
            del data[name]
        else:
            data[name] = hostile_text(rng)
    return data


def faults_of(response):
    """Return the faults of the form on a page, by field."""
    form = (response.context or {}).get("form") if response.context is not None else None
    return {} if form is None else dict(form.errors)


def said_wrongly(answer, form):
    """Return what is wrong with the way a form is shown again."""
    page = _Page(answer.text)
    wrong = []
    if not page.title.strip().startswith("错误"):
        wrong.append(f"the title is {page.title.strip()!r}")
    wrong += [
        f"the link {link} leads nowhere" for link in page.links if not link.startswith("#") or link[1:] not in page.ids
    ]
    fields = [name for name in faults_of(answer.response) if name != "__all__" and name not in form.hidden]
    wrong += [f"{name} is not linked" for name in fields if not any(name in link for link in page.links)]
    return wrong


def written(answer):
    """Return all texts that were written, whether as values or inside JSON."""
    found = set()
    for _table, _sql, params in answer.statements:
        for row in params if params and isinstance(params[0], (list, tuple)) else [params or ()]:
            found |= {value for value in row if isinstance(value, str)}
            found |= {value for value in map(str, row) if value.startswith(("{", "["))}
    return found


def _storm(ask, stage, form, count):
    broken, taken = [], 0
    rng = rng_of("S4", form.name)
    form.prepare(stage)
    for number in range(count):
        is_fair = number % 10 < FAIR_SHARE * 10
        good = form.good(stage, rng)
        data = good if is_fair else spoilt(good, rng)
        answer = send(ask, stage, form, data)
        if answer.status not in ANSWERS:
            broken.append((answer.status, data))
        elif is_fair:
            if not answer.is_taken and answer.response.headers["Content-Type"] != "application/json":
                broken.append(("fair data refused", answer.status, data, faults_of(answer.response)))
            taken += 1
            missing = [
                name for name in form.texts if clean_text(data[name]) and not _is_kept(clean_text(data[name]), answer)
            ]
            if missing:
                broken.append(("not written as typed", missing, data))
        elif 'id="error-summary"' in answer.text:
            broken += [(wrong, data) for wrong in said_wrongly(answer, form)]
        if len(broken) > 3:
            break
    assert broken == []
    assert taken >= count * FAIR_SHARE


def _is_kept(text, answer):
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    return any(text == value or quoted in value or json.dumps(text)[1:-1] in value for value in written(answer))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_s04_a_form_takes_what_is_right_and_says_what_is_wrong(form, ask_fully, stage):
    _storm(ask_fully, stage, form, 3 if form.is_slow else 20)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_s04_five_hundred_inputs_break_no_form(form, ask_fully, stage):
    _storm(ask_fully, stage, form, 20 if form.is_slow else 500)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_s04_a_line_of_a_million_characters_breaks_no_form(form, ask_fully, stage):
    good = form.good(stage, rng_of("S4", form.name))
    for name in good:
        if name in form.hidden:
            continue
        answer = send(ask_fully, stage, form, {**good, name: "长" * 1_000_000})
        assert answer.status in ANSWERS | {413, 400}
        assert answer.statements == [] or answer.is_taken


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_u04_an_empty_form_says_what_is_missing(form, ask_fully, stage):
    good = form.good(stage, rng_of("U4", form.name))
    empty = {
        name: good[name] if name in form.hidden or form.route == "feedback:track" and name in ("number", "code") else ""
        for name in good
    }
    answer = send(ask_fully, stage, form, empty)
    if answer.is_taken or answer.response.headers["Content-Type"] == "application/json":
        return  # nothing in it has to be filled in
    assert answer.status in (200, 422)
    assert 'id="error-summary"' in answer.text
    assert said_wrongly(answer, form) == []
    assert _Page(answer.text).links


@pytest.mark.parametrize("form", [form for form in FORMS if form.texts], ids=str)
def test_u04_what_was_typed_is_kept_when_something_is_wrong(form, ask_fully, stage):
    good = form.good(stage, rng_of("U4", form.name))
    mark = "留住这些字<&>'\""
    answer = send(ask_fully, stage, form, {**good, **dict.fromkeys(form.texts, mark), form.texts[0]: mark * 4000})
    if answer.response.headers["Content-Type"] == "application/json":
        return
    assert not answer.is_taken
    assert said_wrongly(answer, form) == []
    values = _Page(answer.text).values
    assert mark * 4000 in values
    assert sum(mark in value for value in values) >= len(form.texts)


# S3 ------------------------------------------------------------------------------------------------------------


def model_fields():
    """Return every field name of every model of the portal."""
    ours = [
        model
        for config in apps.get_app_configs()
        if not config.name.startswith("django.")
        for model in config.get_models()
    ]
    fields = {field.attname for model in ours for field in model._meta.get_fields() if hasattr(field, "attname")}
    return (
        fields
        | {field.name for model in ours for field in model._meta.get_fields()}
        | {"pk", "is_staff", "is_superuser"}
    )


VALUES = {"is_": "1", "has_": "1", "_id": "1", "_at": "2001-01-01T00:00:00Z", "_on": "2001-01-01"}


def _value(name):
    return next((value for end, value in VALUES.items() if name.startswith(end) or name.endswith(end)), "matrix-77")


HEX = re.compile(r"[0-9a-f]{16,}")


def _plain(value):
    """Return a written value without what is made up anew at each writing."""
    if isinstance(value, (bytes, memoryview)):
        return "bytes"
    if isinstance(value, uuid.UUID):
        return "uuid"
    if str(value).startswith("!"):
        return "no secret"
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "uuid", str(value))
    return re.sub(r"^(scrypt|pbkdf2_sha256|md5)\$.*|^[.\w-]{60,}$|^[a-z0-9]{32}$", "hash", HEX.sub("hex", text))


def _trace(answer):
    return [
        (sql if len(sql) < 3000 else sql[:3000], [_plain(value) for value in params or ()])
        for _table, sql, params in answer.statements
    ]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_s03_no_field_of_a_model_slips_in_by_a_form(form, ask_fully, stage):
    good = form.good(stage, rng_of("S3", form.name))
    extra = {name: _value(name) for name in model_fields() if name not in good}
    # Fields of the form that the fair data leaves out are no strangers to it.
    shown = ask_fully(form.role, "GET", stage.address(form.route, form.whose, form.role))
    names = set(re.findall(r'name="([^"]+)"', shown.text)) | {"files", "scans", "template", "next", "file", "round"}
    names |= set(getattr((shown.response.context or {}).get("form"), "fields", ()))
    extra = {name: value for name, value in extra.items() if name not in names}
    assert len(extra) > 100
    plain, loaded = send(ask_fully, stage, form, good), send(ask_fully, stage, form, {**good, **extra})
    assert (loaded.status, loaded.is_taken) == (plain.status, plain.is_taken)
    assert "matrix-77" not in str(_trace(loaded))
    assert _trace(loaded) == _trace(plain)


def test_every_form_is_listed():
    answered = {row.route for row in table.read() if row.method == "POST" and "422" in row.cells.values()}
    assert answered - {form.route for form in FORMS} - FILES_ONLY == set()
