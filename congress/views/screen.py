"""The screen of the hall: what everybody in it has to see, in figures that can be read from the last row."""

from django.utils import timezone
from django.views.generic import TemplateView

from portal.ballots.wording import rule_words

from ..queries.hall import attendance_of
from ..queries.screen import Scene, shown_now
from .planning import find_kept


class HallScreenView(TemplateView):
    """
    A page for the projector: 应到, 实到 and the quorum, the item or the vote, its rule in words, the result.

    It is drawn anew every few seconds by its script and shows no number of a vote before the result is public.
    """

    template_name = "congress/screen.html"

    def get_context_data(self, **kwargs):
        session = find_kept(self.request.user, self.kwargs["pk"])
        shown, at = shown_now(session), timezone.now()
        place = shown.place_of_leaf(at)
        asks = shown.scene in (Scene.VOTE_DRAFT, Scene.VOTE_OPEN)
        rules = {rule_words(question) for question in shown.poll.poll.definition.questions} if asks else ()
        return super().get_context_data(
            session=session,
            figures=attendance_of(session),
            shown=shown,
            rules=sorted(rules),
            is_live=session.state == "open",
            now=at,
            number=place + 1,
            leaf=shown.results[place] if shown.results else None,
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response
