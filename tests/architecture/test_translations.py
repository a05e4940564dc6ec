"""The Chinese is complete, right and found at run time."""

from django.utils import translation

from portal.kernel import catalogue


def test_catalogue_is_complete_and_right():
    assert catalogue.check() == []


def test_chinese_is_what_people_get():
    entries = [entry for entry in catalogue.read_catalogue().values() if not entry.msgctxt and not entry.msgid_plural]
    with translation.override("zh-hans"):
        wrong = [entry.msgid for entry in entries if translation.gettext(entry.msgid) != entry.msgstr]
    assert wrong == []


def test_file_is_a_function_of_its_entries(tmp_path):
    copy = tmp_path / "django.po"
    catalogue.write_catalogue(catalogue.read_catalogue(), path=copy)
    assert copy.read_text(encoding="utf-8") == catalogue.CHINESE.read_text(encoding="utf-8")
