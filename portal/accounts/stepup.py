"""Asking for the secret once more before something that matters, without losing what was typed."""

from django.shortcuts import render
from django.utils import timezone

from . import guard
from .forms import ProveForm
from .operations.signing import claim_try, forget_tries
from .views.address import address_of

FIELD = "stepup_secret"


class StepUpMixin:
    """
    For views whose act needs the secret typed within the last ten minutes.

    A page opened too late shows a question for the secret in its place; what a
    form sent is carried along in hidden fields, so that after the right secret
    the form arrives as it was. Chosen files cannot be carried: the question
    comes on opening the form already, so that this is rare, and says so.
    """

    # Methods for which the secret must be fresh; a view may leave GET out to be readable without it.
    stepup_methods = ("GET", "HEAD", "POST")

    def dispatch(self, request, *args, **kwargs):
        at = timezone.now()
        if request.method not in self.stepup_methods or guard.has_proved(request.session, at=at):
            return super().dispatch(request, *args, **kwargs)
        is_answer = request.method == "POST" and FIELD in request.POST
        form = ProveForm(request.POST if is_answer else None)
        if is_answer and form.is_valid():
            wait = claim_try(job_no=request.user.job_no, address=address_of(request), at=at)
            if wait:
                return self._ask(request, form, wait=wait, status=429)
            if request.user.check_password(form.cleaned_data[FIELD]):
                forget_tries(job_no=request.user.job_no, address=address_of(request))
                guard.prove(request.session, at=at)
                if request.POST.get("stepup_for") == "GET":
                    request.method = "GET"
                return super().dispatch(request, *args, **kwargs)
            form.add_error(FIELD, form.wrong_secret)
        return self._ask(request, form)

    def _ask(self, request, form, *, wait=0, status=200):
        carried = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {FIELD, "csrfmiddlewaretoken", "stepup_for"}
            for value in values
        ]
        context = {
            "form": form,
            "carried": carried,
            "has_files": bool(request.FILES),
            "wait": wait,
            "stepup_for": request.POST.get("stepup_for") or request.method,
            "minutes": guard.STEP_UP_MINUTES,
        }
        response = render(request, "accounts/step_up.html", context, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response
