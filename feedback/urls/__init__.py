"""Addresses of feedback: what authors, everybody and the desks use."""

from . import author, desk, public

app_name = "feedback"
urlpatterns = [*author.urlpatterns, *public.urlpatterns, *desk.urlpatterns]
