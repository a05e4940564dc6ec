"""The ballot paper: one field for each thing that can be marked, made from the poll's definition."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanTextField, PortalForm, RatingRadios, WholeNumberField
from portal.kernel.texts import clean_line

from ..definition import DO_NOT_KNOW, LONGEST_NAME
from ..enums import QuestionKind, Say


class Offered(BaseChoiceIterator):
    """Choices as they are: put in order once, not again for each field and each widget of a long ballot."""

    def __init__(self, pairs):
        self._pairs = pairs

    def __iter__(self):
        return iter(self._pairs)


class NamesField(CleanTextField):
    """Names of people written in, one on a line."""

    def clean(self, value):
        lines = [clean_line(line) for line in super().clean(value).splitlines()]
        names = [line for line in lines if line]
        if any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(_now("A name has up to %(most)d characters.") % {"most": LONGEST_NAME})
        if len(set(names)) != len(names):
            raise ValidationError(_now("A name stands here twice."))
        return names


class PointsField(WholeNumberField):
    """A score; full-width digits are read, and only the steps of the scale are taken."""

    def __init__(self, question):
        self.step = question.step
        super().__init__(label=question.text, required=False, max_value=question.top)

    def validate(self, value):
        super().validate(value)
        if value is not None and value % self.step:
            raise ValidationError(_now("The scale goes in steps of %(step)d.") % {"step": self.step})


class WordsField(CleanTextField):
    """Free words that fit into the sealed ballot; a character may take three bytes."""

    def __init__(self, question):
        self.question = question
        super().__init__(label=question.text, required=False, rows=2, max_length=question.longest // 3)

    def clean(self, value):
        text = super().clean(value)
        if not self.question.is_answer(text):  # rare characters take four bytes and more
            raise ValidationError(_now("These words are too long for the ballot. Make them shorter, please."))
        return text


@dataclass(frozen=True)
class Made:
    """What is made once of a definition for a kind of form and a language."""

    labels: list  # of what the fields are called otherwise
    fields: dict
    names: dict  # of the fields of each question, in the order of the ballot paper
    words: dict  # {name: the words of which a field takes one}


class BallotForm(PortalForm):
    """
    Answers of one ballot; :meth:`answers` returns them as the box takes them.

    The fields of a definition are made once in a language and shared by all its forms: none of them is changed
    afterwards, and what somebody fills in stands in the form alone.
    """

    unchosen_message = _("Please choose an answer to “%(label)s”.")
    too_many_message = _("There are %(seats)d seats and you have chosen %(count)d. Take some away.")
    paper_template, check_template = "ballots/ballot.html", "ballots/check.html"
    draft_key = ""  # under which a browser keeps what is filled in, on this device only; none: nothing is kept

    def __init__(self, definition, data=None, *, without=frozenset(), labels=(), **kwargs):
        """``without`` are codes of questions not asked, ``labels`` [(name, label)] of fields called otherwise."""
        self.definition = definition
        self.questions = [question for question in definition.questions if question.code not in without]
        super().__init__(data, **kwargs)
        made = self._made(labels)
        self._names, self._words = made.names, made.words
        if without:
            asked = (name for question in self.questions for name in self._names[question.code])
            self.fields.update((name, made.fields[name]) for name in asked)
        else:
            self.fields.update(made.fields)

    def _made(self, labels=()):
        """Return the fields, kept beside the definition for this kind of form and language."""
        place = type(self), get_language()
        kept = self.definition.beside.get(place)
        if kept is None or kept.labels != labels:
            kept = self.definition.beside[place] = self._make(labels)
        return kept

    def _make(self, labels):
        self._says = Offered([(say.value, say.label) for say in Say])
        named, fields, names = dict(labels), {}, {}
        for question in self.definition.questions:
            own = {name: self._ready(name, field, named) for name, field in self._fields_of(question)}
            names[question.code] = list(own)
            fields |= own
        words = {
            name: frozenset(value for value, _label in field.choices)
            for name, field in fields.items()
            if type(field) is forms.ChoiceField
        }
        return Made(labels, fields, names, words)

    def _ready(self, name, field, labels):
        field.widget.attrs["autocomplete"] = "off"
        if field.required:
            field.error_messages["required"] = self.unchosen_message % {"label": field.label}
        field.label = labels.get(name, field.label)
        return field

    def _fields_of(self, question):
        options = Offered([(option.code, option.label) for option in question.options])
        if question.kind == QuestionKind.VOTE:
            yield question.code, forms.ChoiceField(label=question.text, choices=self._says, widget=RatingRadios)
        elif question.kind == QuestionKind.RATING:
            scale = Offered([*options, (DO_NOT_KNOW, _("Don't know"))])
            yield question.code, forms.ChoiceField(label=question.text, choices=scale, widget=RatingRadios)
        elif question.kind == QuestionKind.SCORE:
            yield from self._fields_of_score(question)
        elif question.kind == QuestionKind.TEXT:
            yield question.code, WordsField(question)
        elif question.kind == QuestionKind.CHOICE:
            yield question.code, forms.ChoiceField(label=question.text, choices=options, widget=RatingRadios)
        else:
            yield from self._fields_of_election(question, options)

    def _fields_of_score(self, question):
        yield question.code, PointsField(question)
        yield f"{question.code}-{DO_NOT_KNOW}", forms.BooleanField(label=_("Don't know"), required=False)

    def page_context(self):
        """Return what the pages of this ballot show besides the fields; an owner's own form knows more."""
        return {}

    def _fields_of_election(self, question, options):
        if question.is_contested:
            hint = _now("Mark up to %(seats)d. Marking nobody counts as an abstention.") % {"seats": question.seats}
            yield (
                question.code,
                forms.MultipleChoiceField(
                    label=question.text,
                    choices=options,
                    required=False,
                    help_text=hint,
                    widget=forms.CheckboxSelectMultiple,
                ),
            )
        else:
            for code, label in options:
                yield (
                    f"{question.code}-{code}",
                    forms.ChoiceField(label=label, choices=self._says, widget=RatingRadios),
                )
        if question.can_write_in:
            yield (
                f"{question.code}-names",
                NamesField(
                    label=_("Somebody else"),
                    required=False,
                    rows=2,
                    max_length=(LONGEST_NAME + 2) * question.seats,
                    help_text=_("One name on a line."),
                ),
            )

    def parts(self):
        """Return [(question, its bound fields)] in the order of the ballot paper."""
        return [(question, self.fields_for(question)) for question in self.questions]

    def fields_for(self, question):
        """Return the bound fields of a question."""
        return [self[name] for name in self._names[question.code]]

    def _clean_fields(self):
        """Clean all fields; one of a few words is taken as it is, and what is no such word goes through its field."""
        for name, field in self.fields.items():
            words = self._words.get(name, ())
            said = self.data.get(name) if words else None
            if isinstance(said, str) and said in words:
                self.cleaned_data[name] = str(said)
                continue
            try:
                self.cleaned_data[name] = field._clean_bound_field(self[name])
            except ValidationError as error:
                self.add_error(name, error)

    def clean(self):
        cleaned = super().clean()
        for question in self.questions:
            if question.kind not in (QuestionKind.SCORE, QuestionKind.ELECTION):
                continue
            names = self._names[question.code]
            if any(name in self.errors for name in names):
                continue
            if question.kind == QuestionKind.SCORE:
                self._clean_score(question, cleaned)
                continue
            written = cleaned.get(f"{question.code}-names") or []
            known = {option.label for option in question.options} & set(written)
            if known:
                self.add_error(
                    f"{question.code}-names",
                    _("%(name)s is a candidate already: mark the name above.") % {"name": min(known)},
                )
            count = len(written) + self._chosen(question, cleaned)
            if count > question.seats:
                self.add_error(
                    names[0],
                    self.too_many_message % {"seats": question.seats, "count": count},
                )
        return cleaned

    def _clean_score(self, question, cleaned):
        is_given, is_unknown = cleaned.get(question.code) is not None, cleaned.get(f"{question.code}-{DO_NOT_KNOW}")
        if not is_given and not is_unknown:
            self.add_error(question.code, self.unchosen_message % {"label": question.text})
        if is_given and is_unknown:
            self.add_error(question.code, _("A number and “Don't know” exclude each other: keep one of them."))

    def _chosen(self, question, cleaned):
        if question.is_contested:
            return len(cleaned.get(question.code) or [])
        return sum(cleaned.get(f"{question.code}-{code}") == Say.FOR for code in question.codes)

    def answers(self):
        """Return {question: answer} of a form that is valid."""
        return {question.code: self._answer(question) for question in self.questions}

    def _answer(self, question):
        cleaned = self.cleaned_data
        if question.code in self._words:
            return cleaned[question.code]
        if question.kind == QuestionKind.SCORE:
            return DO_NOT_KNOW if cleaned[f"{question.code}-{DO_NOT_KNOW}"] else str(cleaned[question.code])
        if question.kind != QuestionKind.ELECTION:
            return cleaned[question.code]
        names = cleaned.get(f"{question.code}-names") or []
        if question.is_contested:
            return {"marks": cleaned[question.code], "names": names}
        return {"says": {code: cleaned[f"{question.code}-{code}"] for code in question.codes}, "names": names}

    def in_words(self):
        """Return [(question, [sentence])]: what is about to be put in, for the last look."""
        return [(question, list(self._said(question))) for question in self.questions]

    def _said(self, question):
        cleaned = self.cleaned_data
        labels = {option.code: option.label for option in question.options}
        if question.kind == QuestionKind.VOTE:
            yield Say(cleaned[question.code]).label
        elif question.kind == QuestionKind.TEXT:
            yield from cleaned[question.code].splitlines()
        elif question.kind == QuestionKind.SCORE:
            points = self._answer(question)
            yield _("Don't know") if points == DO_NOT_KNOW else points
        elif question.kind != QuestionKind.ELECTION:
            yield labels.get(cleaned[question.code], _("Don't know"))
        elif question.is_contested:
            yield from (labels[code] for code in cleaned[question.code])
        else:
            for code in question.codes:
                yield f"{labels[code]}: {Say(cleaned[f'{question.code}-{code}']).label}"
        if question.kind == QuestionKind.ELECTION:
            yield from cleaned.get(f"{question.code}-names") or []

    def sent(self):
        """Return [(name, value)] of what was filled in, to be carried by the last look."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]
