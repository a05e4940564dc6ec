"""View bases ask before they show, and bring a refused form back with what was typed."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.views.generic import View

from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import ALLOWED, OperationRefused, denied
from portal.kernel.views import OperationFormView, VerdictRequiredMixin


class NoteForm(forms.Form):
    note = forms.CharField()


def run(view_class, method="get", data=None):
    request = getattr(RequestFactory(), method)("/x/", data or {})
    request.user = "somebody"
    return view_class.as_view()(request)


def test_verdict_is_asked_with_user_and_object():
    asked = []

    class Page(VerdictRequiredMixin, View):
        may = staticmethod(lambda user, thing: asked.append((user, thing)) or ALLOWED)

        def get_object(self):
            return "card"

        def get(self, request):
            return HttpResponse(self.object)

    assert run(Page).content == b"card"
    assert asked == [("somebody", "card")]


def test_no_of_the_rule_is_a_refusal_with_its_reason():
    class Page(VerdictRequiredMixin, View):
        may = staticmethod(lambda user: denied("只有工会可以受理"))

    with pytest.raises(PermissionDenied) as caught:
        run(Page)
    assert caught.value.reason == "只有工会可以受理"


def test_hidden_thing_is_not_found_before_the_rule_is_asked():
    class Page(VerdictRequiredMixin, View):
        may = staticmethod(lambda user, thing: pytest.fail("asked"))

        def get_object(self):
            return None

    with pytest.raises(Http404):
        run(Page)


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (OperationRefused("您不是承办人"), 403, "您不是承办人"),
        (Conflict("已有人答复"), 409, "已有人答复"),
        (IllegalTransition("new", "closed"), 409, "这件事刚刚有人处理过，请先看最新状态再继续。"),
    ],
)
def test_refused_operation_brings_the_form_back(raised, status, said):
    class Page(OperationFormView):
        form_class = NoteForm
        template_name = "components/messages.html"

        def operate(self, form):
            raise raised

    response = run(Page, "post", {"note": "写好的话"})
    assert response.status_code == status
    form = response.context_data["form"]
    assert form.non_field_errors() == [said]
    assert form["note"].value() == "写好的话"


def test_operation_that_goes_through_answers_with_its_response():
    class Page(OperationFormView):
        form_class = NoteForm
        template_name = "components/messages.html"

        def operate(self, form):
            return HttpResponse(form.cleaned_data["note"])

    assert run(Page, "post", {"note": "好"}).content.decode() == "好"


def test_form_with_faults_is_unprocessable():
    class Page(OperationFormView):
        form_class = NoteForm
        template_name = "components/messages.html"

        def operate(self, form):
            pytest.fail("operated")

    assert run(Page, "post", {"note": ""}).status_code == 422
