import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from portal.files import staging
from portal.files.forms import UploadsField
from portal.files.intake import UploadRefused, clean_upload
from tests.files import zoo


class CardForm(forms.Form):
    subject = forms.CharField()
    files = UploadsField(required=False)


def sent(subject="", uploads=(), kept=(), removed=()):
    data = MultiValueDict({"subject": [subject], "files-kept": list(kept), "files-remove": list(removed)})
    return CardForm(data, MultiValueDict({"files": list(uploads)}))


def tokens_in(html):
    return [part.split('"')[0] for part in html.split('name="files-kept" value="')[1:]]


def photo(name="现场.jpg"):
    return zoo.upload(zoo.picture(), name)


def kept_on_disk():
    folder = Path(default_storage.path("staging"))
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_good_form_gives_clean_files_and_keeps_nothing():
    form = sent("标题", [photo("一.jpg"), photo("二.jpg")])
    assert form.is_valid()
    assert [(file.name, file.token) for file in form.cleaned_data["files"]] == [("一.jpg", ""), ("二.jpg", "")]
    assert kept_on_disk() == []


def test_form_without_files_is_good_unless_required():
    assert sent("标题").is_valid()
    field = UploadsField()
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(field.widget.value_from_datadict({}, {}, "files"))
    assert caught.value.messages == [str(field.error_messages["required"])]


def test_file_survives_a_form_with_another_error():
    form = sent("", [photo()])
    assert form.errors.keys() == {"subject"}
    (token,) = tokens_in(str(form["files"]))
    assert "现场.jpg" in str(form["files"])
    again = sent("标题", kept=[token])
    assert again.is_valid()
    (file,) = again.cleaned_data["files"]
    assert (file.name, file.token) == ("现场.jpg", token)
    assert file.content == clean_upload(photo()).content


def test_showing_the_form_twice_keeps_one_copy():
    form = sent("", [photo()])
    assert tokens_in(str(form["files"])) == tokens_in(str(form["files"]))
    again = sent("", kept=tokens_in(str(form["files"])))
    assert tokens_in(str(again["files"])) == tokens_in(str(form["files"]))
    assert len(kept_on_disk()) == 1


def test_kept_file_can_be_removed():
    (token,) = tokens_in(str(sent("", [photo()])["files"]))
    form = sent("标题", kept=[token], removed=[token])
    assert form.is_valid()
    assert form.cleaned_data["files"] == []


def test_refused_file_is_named_and_the_good_one_stays():
    form = sent("标题", [photo("好.jpg"), zoo.upload(zoo.SVG, "坏.svg"), zoo.upload(b"", "空.pdf")])
    with translation.override("en"):
        assert [error.split("：")[0] for error in form.errors["files"]] == ["坏.svg", "空.pdf"]
    html = str(form["files"])
    assert len(tokens_in(html)) == 1
    assert "好.jpg" in html


def test_more_than_five_files_are_refused_with_those_kept_counted():
    (token,) = tokens_in(str(sent("", [photo()])["files"]))
    form = sent("标题", [photo(f"{n}.jpg") for n in range(5)], kept=[token])
    with translation.override("zh-hans"):
        assert form.errors["files"] == ["每件最多上传 5 个附件，超出的未接收。"]
    assert len(tokens_in(str(form["files"]))) == 5


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "x" * 10_000, "é"])
def test_forged_token_asks_to_choose_again(token):
    form = sent("标题", kept=[token])
    assert len(form.errors["files"]) == 1
    assert tokens_in(str(form["files"])) == []


def test_kept_file_is_gone_after_an_hour():
    with time_machine.travel(datetime(2026, 3, 4, 5, 0, tzinfo=UTC), tick=False):
        kept = staging.keep(clean_upload(photo()))
    with time_machine.travel(datetime(2026, 3, 4, 6, 0, tzinfo=UTC), tick=False):
        assert staging.take(kept.token).name == "现场.jpg"
    with time_machine.travel(datetime(2026, 3, 4, 6, 0, 1, tzinfo=UTC), tick=False):
        assert staging.take(kept.token) is None
        assert len(sent("标题", kept=[kept.token]).errors["files"]) == 1


def test_tidy_removes_what_is_older_than_an_hour():
    staging.keep(clean_upload(photo()))
    now = datetime.fromtimestamp(time.time(), UTC)
    assert staging.tidy(at=now + timedelta(minutes=59)) == 0
    assert staging.tidy(at=now + timedelta(minutes=61)) == 1
    assert kept_on_disk() == []


def test_changed_kept_file_is_not_taken():
    kept = staging.keep(clean_upload(photo()))
    (name,) = kept_on_disk()
    (Path(default_storage.path("staging")) / name).write_bytes(b"<script>")
    assert staging.take(kept.token) is None


def test_next_page_begins_with_what_was_kept():
    kept = staging.keep(clean_upload(photo()))
    form = CardForm(initial={"files": [kept.token]})
    assert tokens_in(str(form["files"])) == [kept.token]
    assert (
        form.fields["files"].has_changed(
            [kept.token], form.fields["files"].widget.value_from_datadict({"files-kept": [kept.token]}, {}, "files")
        )
    ) is False


def test_full_disk_while_keeping_says_so(monkeypatch):
    def full(*_args):
        raise UploadRefused("disk")

    form = sent("", [photo()])
    monkeypatch.setattr("portal.files.staging.write_privately", full)
    with translation.override("zh-hans"):
        assert "您修改表单期间附件未能保留，请重新选择。" in str(form["files"])


def test_chooser_takes_several_files_and_has_no_inline_code():
    html = str(CardForm()["files"])
    assert ('type="file"' in html, " multiple" in html, 'id="id_files"' in html) == (True, True, True)
    assert ("style=" in html, "onchange" in html, "<script" in html) == (False, False, False)
