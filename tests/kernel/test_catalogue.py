import json

import polib
import pytest
from django.core.management import CommandError, call_command

from portal.kernel import catalogue
from portal.kernel.catalogue import Key

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy as pg, npgettext
_("plain")
ngettext("%(n)s card", "%(n)s cards", n)
pg("button", "open")
npgettext("c", "one", "many", n)
_(label)
_("in " "two parts")
"""
TEMPLATE = """{% translate "title" %}{% translate "open" context "button" %}{{ _("constant") }}
{% blocktranslate trimmed count n=cards %}
  {{ n }} card of {{ person }}
{% plural %}
  {{ n }} cards of {{ person }}
{% endblocktranslate %}
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    for name, value in {
        "BASE_DIR": tmp_path,
        "LOCALE_DIR": tmp_path / "locale",
        "CHINESE": tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po",
        "ENGLISH": tmp_path / "locale/en/LC_MESSAGES/django.po",
    }.items():
        monkeypatch.setattr(catalogue, name, value)
    # The default of a parameter is bound early.
    for function in (catalogue.read_catalogue, catalogue.write_catalogue):
        defaults = tuple(
            catalogue.CHINESE if d.__class__.__name__.endswith("Path") else d for d in function.__defaults__
        )
        monkeypatch.setattr(function, "__defaults__", defaults)
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal/x.py").write_text(PYTHON)
    (tmp_path / "templates/x.html").write_text(TEMPLATE)
    return tmp_path


ALL = {
    Key("plain"): "普通",
    Key("%(n)s card", "%(n)s cards"): "%(n)s张卡",
    Key("open", "", "button"): "打开",
    Key("one", "many", "c"): "多",
    Key("in two parts"): "两段",
    Key("title"): "标题",
    Key("constant"): "常量",
    Key("%(n)s card of %(person)s", "%(n)s cards of %(person)s"): "%(person)s的%(n)s张卡",
}


def _set_all():
    return catalogue.set_messages({str(key): chinese for key, chinese in ALL.items()})


def test_every_kind_of_message_is_found(house):
    found = catalogue.find_messages()
    assert set(found.messages) == set(ALL)
    assert found.faults == []
    assert found.messages[Key("open", "", "button")] == {"portal/x.py", "templates/x.html"}


def test_complete_catalogue_passes_and_compiles(house):
    assert _set_all() == []
    assert catalogue.sync() == []
    assert catalogue.check() == []
    assert catalogue.missing_messages() == {}
    compiled = polib.mofile(str(catalogue.CHINESE.with_suffix(".mo")))
    assert compiled.find("open", by="msgid", msgctxt="button").msgstr == "打开"


def test_same_entries_make_the_same_file_in_any_order(house):
    _set_all()
    first = catalogue.CHINESE.read_bytes()
    catalogue.CHINESE.unlink()
    for key, chinese in reversed(ALL.items()):
        catalogue.set_messages({str(key): chinese})
    assert catalogue.CHINESE.read_bytes() == first


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entries: entries.pop(("plain", "", False)), "missing: 'plain' (portal/x.py)"),
        (lambda entries: setattr(entries["plain", "", False], "msgstr", ""), "empty: 'plain'"),
        (lambda entries: entries["plain", "", False].flags.append("fuzzy"), "fuzzy: 'plain'"),
        (
            lambda entries: entries.__setitem__(("old", "", False), polib.POEntry(msgid="old", msgstr="旧")),
            "stale: 'old'",
        ),
        (
            lambda entries: entries["%(n)s card", "", False].msgstr_plural.__setitem__(0, "卡"),
            "placeholders differ: '%(n)s card|||%(n)s cards' has ['n'], the Chinese []",
        ),
    ],
)
def test_gap_is_told(house, change, said):
    _set_all()
    entries = catalogue.read_catalogue()
    change(entries)
    catalogue.write_catalogue(entries)
    assert catalogue.check() == [said]


def test_translation_with_other_placeholders_is_left_out(house, tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"%(n)s card|||%(n)s cards": "%(m)s张", "plain": "普通"}))
    with pytest.raises(CommandError, match="placeholders differ"):
        call_command("catalogue", "set", str(file))
    assert set(catalogue.read_catalogue()) == {("plain", "", False)}


def test_text_put_together_at_run_time_is_refused(house):
    (house / "portal/x.py").write_text('_(f"hello {name}")')
    assert catalogue.find_messages().faults == ["portal/x.py:1: the text of _() must be one plain literal"]


def test_untrimmed_block_is_refused(house):
    (house / "templates/x.html").write_text("{% blocktranslate %}\n text\n{% endblocktranslate %}")
    assert len(catalogue.find_messages().faults) == 1
