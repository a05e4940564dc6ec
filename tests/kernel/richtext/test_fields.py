"""The field: with the editor, without it, empty, hostile and too much."""

import pytest
from django.template import Context, Template

from portal.kernel.forms import PortalForm
from portal.kernel.richtext.fields import MAX_MARKUP, RichTextField


class WriteForm(PortalForm):
    body = RichTextField(label="正文", max_length=20, min_length=2)


class FreeForm(PortalForm):
    body = RichTextField(label="正文", required=False)


def sent(form=WriteForm, **data):
    made = form({name.replace("_", "-"): value for name, value in data.items()})
    made.is_valid()
    return made


def drawn(form):
    return Template("{% form_fields form %}").render(Context({"form": form}))


def test_editor_sends_markup():
    form = sent(body="<h1>甲</h1><p onclick=x>乙</p><script>x</script>", body_kind="markup")
    assert form.cleaned_data["body"] == "<h2>甲</h2>\n<p>乙</p>"


def test_without_editor_plain_text_is_understood():
    assert sent(body="# 甲\n\n<b>乙</b>").cleaned_data["body"] == "<h2>甲</h2>\n<p>&lt;b&gt;乙&lt;/b&gt;</p>"


def test_without_editor_what_was_not_touched_keeps_its_links():
    before = '<p>看<a href="/help/">这里</a></p><p>乙</p>'
    form = sent(body="看这里\n\n丙", body_before=before)
    assert form.cleaned_data["body"] == '<p>看<a href="/help/" rel="noopener noreferrer">这里</a></p>\n<p>丙</p>'


@pytest.mark.parametrize(
    "body", ["", "  \n ", "<p>&nbsp;</p><p><br></p>", "<table><tr><td></td></tr></table>", "\x00\u202e"]
)
def test_markup_around_nothing_is_empty(body):
    form = sent(body=body, body_kind="markup")
    assert form.errors.as_data()["body"][0].code == "required"
    assert "正文" in form.errors["body"][0]
    assert sent(FreeForm, body=body, body_kind="markup").cleaned_data == {"body": ""}


def test_nothing_sent_is_empty():
    assert sent(FreeForm).cleaned_data == {"body": ""}
    assert "body" in sent().errors


@pytest.mark.parametrize(("count", "code"), [(1, "min_length"), (2, None), (20, None), (21, "max_length")])
def test_characters_are_counted_as_a_reader_counts(count, code):
    form = sent(body=f"<p><strong>{'字' * count}</strong></p>", body_kind="markup")
    codes = [error.code for error in form.errors.as_data().get("body", [])]
    assert codes == ([code] if code else [])


def test_a_paste_of_200_pages_is_told_beside_the_field_and_nothing_is_lost():
    pages = "".join(f"<h2>第{page}页</h2><p class=MsoNormal>{'职工代表大会审议通过。' * 90}</p>" for page in range(200))
    form = sent(FreeForm, body=pages, body_kind="markup")
    assert form.errors.as_data()["body"][0].code == "max_length"
    shown = drawn(form)
    assert (
        "199" in shown and shown.count("职工代表大会审议通过。") == 200 * 90 * 2
    )  # the box, and its markup for the editor
    assert "field-fault" in shown or "id_body_error" in shown


def test_more_than_can_be_read_is_kept_as_it_came():
    form = sent(FreeForm, body="<b>" * (MAX_MARKUP // 3 + 1), body_kind="markup")
    assert form.errors.as_data()["body"][0].code == "too_much"
    assert drawn(form).count("&lt;b&gt;") >= MAX_MARKUP // 3


def test_faults_keep_what_was_typed_without_editor():
    form = sent(body="# 标题\n\n" + "字" * 30)
    assert f"# 标题\n\n{'字' * 30}</textarea>" in drawn(form)


def test_box_shows_plain_text_and_carries_markup():
    form = WriteForm(initial={"body": "<h2>甲</h2>\n<p>乙<strong>丙</strong></p>"})
    shown = drawn(form)
    assert "\n# 甲\n\n乙丙</textarea>" in shown
    assert 'value="&lt;h2&gt;甲&lt;/h2&gt;\n&lt;p&gt;乙&lt;strong&gt;丙&lt;/strong&gt;&lt;/p&gt;"' in shown
    assert 'data-count-max="20"' in shown and 'aria-describedby="id_body_helptext"' in shown


def test_initial_with_attacks_is_drawn_harmless():
    shown = drawn(WriteForm(initial={"body": '<p>x</p><script>alert(1)</script>"><img src=x onerror=alert(1)>'}))
    assert "alert" not in shown.replace("&quot;", "") or "<img" not in shown
    assert "<script>" not in shown


def test_unseen_characters_are_dropped():
    assert sent(body="甲\x00乙\u202e丙\ud800", body_kind="markup").cleaned_data["body"] == "<p>甲乙丙</p>"


def test_changed_is_a_matter_of_what_is_read():
    field = RichTextField()
    assert not field.has_changed("<p>a</p>", "<p class=x>a</p>")
    assert field.has_changed("<p>a</p>", "<p>b</p>")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("一\n\n二", "<p>一</p>\n<p>二</p>"),
        ("<p>一</p><script>x</script>", "<p>一</p>"),
        ("", ""),
        (None, ""),
        ("<p onclick=x>{{ x }}</p>", "<p>{{ x }}</p>"),
    ],
)
def test_filter_shows_clean_markup(source, shown):
    assert Template("{{ text|rich }}").render(Context({"text": source})) == shown


def test_filter_puts_tables_in_a_box_that_scrolls():
    shown = Template("{{ text|rich }}").render(Context({"text": "<table><tr><td>1</td></tr></table>"}))
    assert shown.startswith('<div class="rich-table" role="group" tabindex="0" aria-label="')
    assert shown.endswith("</table></div>")
