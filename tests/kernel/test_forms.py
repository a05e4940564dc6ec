"""Fields read what people type, and forms say their faults where they are."""

import datetime as dt
import uuid

import pytest
from django import forms
from django.template import engines

from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    CodeField,
    DayField,
    IdempotencyMixin,
    PortalForm,
    RatingRadios,
    WholeNumberField,
)
from portal.kernel.templatetags.fields import error_summary, optional_mark


class CardForm(IdempotencyMixin, PortalForm):
    text = CleanTextField(label="内容", max_length=10, help_text="写清时间")
    number = CodeField(label="工号", required=False)
    on = DayField(label="日期", required=False, latest=lambda: dt.date(2026, 12, 31))
    count = WholeNumberField(label="人数", required=False, min_value=1, max_value=99)
    place = CleanCharField(label="地点", required=False, max_length=4)
    mode = forms.ChoiceField(
        label="方式",
        choices=[("named", "署名"), ("anonymous", "匿名")],
        widget=ChoiceCards(about={"named": "看得到姓名"}, icons={"named": "user"}),
        required=False,
    )
    rating = forms.ChoiceField(
        label="评价", choices=[("5", "非常满意"), ("1", "非常不满意")], widget=RatingRadios, required=False
    )


def drawn(form):
    return engines["django"].from_string("{% form_fields form %}").render({"form": form})


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "2026年11月23日",
        "2026 年 11 月 23 日",
        "20261123",
        "２０２６－１１－２３",
        " 2026-11-23 ",
    ],
)
def test_day_is_read_however_it_is_written(typed):
    assert DayField().clean(typed) == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30",
        "2026年13月1日",
        "23.11.2026",
        "tomorrow",
        "0000-00-00",
        "2026-11",
        "9" * 5000,
        "\x002026",
        "2026-11-23 12:00",
    ],
)
def test_day_that_is_none_is_refused(typed):
    with pytest.raises(forms.ValidationError) as caught:
        DayField().clean(typed)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize(("typed", "code"), [("1949-12-31", "too_early"), ("2200-01-01", "too_late")])
def test_day_outside_the_limits_names_the_limit(typed, code):
    with pytest.raises(forms.ValidationError) as caught:
        DayField().clean(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(("typed", "value"), [("12", 12), ("１２", 12), ("1,200", 1200), (" 7 ", 7), ("", None)])
def test_whole_number_is_read(typed, value):
    assert WholeNumberField(required=False).clean(typed) == value


@pytest.mark.parametrize("typed", ["1.5", "很多", "1e9", "٣", "9" * 400, "１,２", "--1", "0x10"])
def test_whole_number_that_is_none_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        WholeNumberField().clean(typed)


@pytest.mark.parametrize(("typed", "code"), [("-1", "min_value"), ("2000000001", "max_value")])
def test_whole_number_outside_is_refused(typed, code):
    with pytest.raises(forms.ValidationError) as caught:
        WholeNumberField().clean(typed)
    assert caught.value.code == code


def test_text_is_cleaned_not_refused():
    assert CleanTextField().clean("第一行\r\n\x00第二行\ud800  \u202e") == "第一行\n第二行"
    assert CleanCharField().clean(" 张\u200b 三\n丰 ") == "张 三 丰"
    assert CodeField().clean("ａ-00 12") == "A0012"


def test_text_of_only_spaces_counts_as_empty():
    with pytest.raises(forms.ValidationError) as caught:
        CleanTextField().clean(" \x00 ")
    assert caught.value.code == "required"


def test_text_too_long_is_said_and_kept():
    form = CardForm({"text": "一二三四五六七八九十多", "place": "五个字的地"})
    assert form.errors == {"text": ["最多10字，现在有11字。"], "place": ["最多4字，现在有5字。"]}
    assert "一二三四五六七八九十多" in drawn(form)
    assert "maxlength" not in drawn(form)


def test_characters_are_counted_as_people_count_them():
    assert CleanTextField(max_length=2).clean("𠮷😀") == "𠮷😀"


def test_required_says_which_field():
    form = CardForm({})
    assert form.errors == {"text": ["请填写“内容”。"]}


def test_required_choice_is_to_be_chosen_not_filled_in():
    class ModeForm(PortalForm):
        mode = forms.ChoiceField(label="方式", choices=[("named", "署名")])

    assert ModeForm({}).errors == {"mode": ["请选择“方式”。"]}


def test_field_that_another_answer_makes_necessary_is_not_called_optional():
    form = CardForm()
    assert optional_mark(form["place"])
    form.fields["place"].is_conditional = True
    assert not optional_mark(form["place"])


@pytest.mark.parametrize("sent", ["", "no-uuid", None])
def test_damaged_key_becomes_a_new_one(sent):
    form = CardForm({"text": "内容", **({} if sent is None else {"idempotency_key": sent})})
    assert form.is_valid()
    assert isinstance(form.cleaned_data["idempotency_key"], uuid.UUID)


def test_key_is_kept_through_a_fault():
    key = uuid.uuid4()
    form = CardForm({"text": "", "idempotency_key": str(key)})
    assert not form.is_valid()
    assert f'value="{key}"' in drawn(form)


def test_first_drawing_marks_required_and_optional_and_ties_the_hint():
    html = drawn(CardForm())
    assert html.count("（选填）") == 6
    assert html.count("必填") == 1
    assert 'aria-describedby="id_text_helptext"' in html
    assert 'id="id_text_helptext"' in html
    assert 'aria-describedby="id_mode_0_about"' in html
    assert "error-summary" not in html


def test_words_are_said_to_be_kept_only_where_some_were_written():
    def is_said(form, data):
        return "faults-kept" in error_summary(form(data))

    class SecretForm(forms.Form):
        name = forms.CharField()
        secret = forms.CharField(widget=forms.PasswordInput)
        token = forms.CharField(widget=forms.HiddenInput)
        scan = forms.FileField()
        units = forms.MultipleChoiceField(choices=[("a", "A")])

    assert [
        is_said(SecretForm, data)
        for data in ({}, {"name": " "}, {"secret": "x", "token": "x"}, {"name": "王"}, {"units": ["a"]})
    ] == [False, False, False, True, True]


def test_faults_stand_above_and_beside_with_links():
    html = drawn(CardForm({"on": "2026年13月1日", "count": "很多"}))
    assert "有3处需要修改" in html
    assert [html.count(f'href="#{name}"') for name in ("id_text", "id_on", "id_count")] == [1, 1, 1]
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-describedby="id_on_error"' in html
    assert html.count('aria-invalid="true"') == 3
    # What was typed is no day, so the picker gives way to a line that can show it.
    assert '<input type="text" name="on" value="2026年13月1日"' in html


def test_a_fault_is_named_by_its_field_unless_that_is_a_sentence():
    class SignForm(PortalForm):
        is_read = forms.BooleanField(label="我已阅读全文。", error_messages={"required": "请勾选。"})
        name = forms.CharField(label="姓名", error_messages={"required": "请填写。"})

    html = error_summary(SignForm({}))
    assert '<a href="#id_is_read">请勾选。</a>' in html and '<a href="#id_name">姓名：请填写。</a>' in html


def test_fault_of_choices_leads_to_the_first_one():
    html = drawn(CardForm({"text": "内容", "mode": "loud"}))
    assert 'href="#id_mode_0"' in html
    assert 'id="id_mode_0"' in html


def test_general_fault_has_no_link():
    form = CardForm({"text": "内容"})
    form.add_error(None, "这件事刚刚有人处理过")
    assert "<li>这件事刚刚有人处理过</li>" in drawn(form)


def test_typed_markup_stays_text():
    html = drawn(CardForm({"text": "<b>x</b>" * 3, "place": '"><script>'}))
    assert "<b>" not in html
    assert "<script>" not in html
