"""The content security policy says for each page what the library would say."""

from csp.constants import HEADER, NONE
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from portal.kernel.middleware import PolicyMiddleware


def policy_of(middleware, **own):
    """Return the policy of a page; ``own`` is what the page's view asks the library for."""

    def view(request):
        response = HttpResponse("page")
        for name, value in own.items():
            setattr(response, name, value)
        return response

    return middleware(view)(RequestFactory().get("/")).headers.get(HEADER)


def test_policy_is_the_librarys_for_every_page():
    asked = (
        {},
        {"_csp_update": {"img-src": ["blob:"]}},
        {"_csp_replace": {"img-src": [NONE]}},
        {"_csp_config": {"default-src": [NONE]}},
        {"_csp_exempt": True},
    )
    said = [policy_of(PolicyMiddleware, **own) for own in asked]
    assert said == [policy_of(CSPMiddleware, **own) for own in asked]
    assert (len(set(said)), said[-1]) == (5, None)


def test_a_page_with_its_own_header_keeps_it():
    def view(request):
        return HttpResponse("page", headers={HEADER: "default-src 'none'"})

    assert PolicyMiddleware(view)(RequestFactory().get("/")).headers[HEADER] == "default-src 'none'"
