"""Sessions: the public list and page, the acts of the union."""

from django.urls import path

from ..views import sessions

urlpatterns = [
    path("congress/sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("congress/sessions/<uuid:pk>/", sessions.SessionView.as_view(), name="session"),
    path("desk/congress/terms/<uuid:pk>/sessions/", sessions.SessionNewView.as_view(), name="session_new"),
    path("desk/congress/sessions/<uuid:pk>/move/", sessions.SessionMoveView.as_view(), name="session_move"),
    path("desk/congress/sessions/<uuid:pk>/postpone/", sessions.SessionPostponeView.as_view(), name="session_postpone"),
    path("desk/congress/sessions/<uuid:pk>/cancel/", sessions.SessionCancelView.as_view(), name="session_cancel"),
]
