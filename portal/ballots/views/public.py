"""Published results, for everybody."""

from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View

from portal.accounts.middleware import public_view
from portal.kernel.rows import only_one
from portal.kernel.views import KeysetListView

from ..definition import canonical
from ..drawing import counted_of, drawn_result
from ..models import Poll
from ..owners import owner_of
from ..queries import published_polls
from ..rules import may_see_result
from ..wording import grade_words


@method_decorator(public_view, name="dispatch")
class ResultsView(KeysetListView):
    """All votes whose results are published, the newest first."""

    template_name = "ballots/results.html"
    context_object_name = "polls"
    order = ("-published_at", "-id")

    def get_queryset(self):
        return published_polls()


@method_decorator(public_view, name="dispatch")
class ResultView(View):
    """One published result, with all that is needed to check it."""

    http_method_names = ("get", "head", "options")

    def get(self, request, pk):
        poll = only_one(Poll.objects.select_related("result", "repeat_of").filter(pk=pk))
        if poll is None or not may_see_result(poll):
            raise Http404
        return render(
            request,
            "ballots/result.html",
            {
                "poll": poll,
                "result": poll.result,
                "drawn": drawn_result(poll, poll.result),
                "counted_of": counted_of(poll),
                "place": owner_of(poll).place(poll),
                "owner_url": owner_of(poll).read(poll, request.user) if not poll.result.questions else "",
                "grade": grade_words(poll.grade),
                "definition": canonical(poll.definition_json),
                "answers": [
                    {"question": question, "rows": poll.result.answers.get(question.code, [])}
                    for question in poll.definition.questions
                ],
            },
        )
