"""Turn refusals that are no fault of the program into their pages, and answer a wrong method with one."""

from portal.home.views import errors
from portal.kernel.refusals import Conflict, TooMany, Unavailable
from portal.kernel.transitions import IllegalTransition


class ErrorPagesMiddleware:
    """405, 409, 429 and 503 as pages in the reader's language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"x"):
            shown = errors.page(request, 405)
            shown.headers["Allow"] = response.headers.get("Allow", "")
            return shown
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Conflict | IllegalTransition):
            return errors.page(request, 409, reason=getattr(exception, "reason", ""))
        if isinstance(exception, TooMany):
            return errors.page(request, 429, reason=exception.reason, retry_after=exception.retry_after)
        if isinstance(exception, Unavailable):
            return errors.page(request, 503, reason=exception.reason, retry_after=exception.retry_after)
        return None
