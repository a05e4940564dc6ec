"""Terms: the public pages, the desk, seats, delegations and bodies."""

from django.urls import path

from ..views import bodies, desk, public, seats

urlpatterns = [
    path("congress/", public.DelegatesView.as_view(), name="delegates"),
    path("congress/formation/", public.FormationView.as_view(), name="formation"),
    path("congress/bodies/", public.BodiesView.as_view(), name="bodies"),
    path("congress/go/<slug:kind>/<uuid:pk>/", public.GoView.as_view(), name="go"),
    path("desk/congress/", desk.DeskView.as_view(), name="desk"),
    path("desk/congress/terms/new/", desk.TermNewView.as_view(), name="term_new"),
    path("desk/congress/terms/<uuid:pk>/", desk.TermView.as_view(), name="term"),
    path("desk/congress/terms/<uuid:pk>/credentials/", desk.CredentialSheetView.as_view(), name="credential_sheet"),
    path("desk/congress/terms/<uuid:pk>/directory/", desk.DirectoryFileView.as_view(), name="directory_file"),
    path("desk/congress/terms/<uuid:pk>/seats/", seats.SeatsView.as_view(), name="term_seats"),
    path("desk/congress/terms/<uuid:pk>/units/", seats.UnitsView.as_view(), name="term_units"),
    path("desk/congress/terms/<uuid:pk>/allocate/", seats.AllocateView.as_view(), name="term_allocate"),
    path("desk/congress/terms/<uuid:pk>/fix/", seats.FixView.as_view(), name="term_fix"),
    path("desk/congress/terms/<uuid:pk>/extend/", seats.ExtendView.as_view(), name="term_extend"),
    path("desk/congress/extensions/<uuid:pk>/decide/", seats.ExtensionDecideView.as_view(), name="extension_decide"),
    path("desk/congress/terms/<uuid:pk>/delegations/", bodies.DelegationNewView.as_view(), name="delegation_new"),
    path("desk/congress/delegations/<int:pk>/edit/", bodies.DelegationEditView.as_view(), name="delegation_edit"),
    path("desk/congress/terms/<uuid:pk>/presidium/", bodies.PresidiumView.as_view(), name="presidium"),
    path("desk/congress/terms/<uuid:pk>/committees/", bodies.CommitteeNewView.as_view(), name="committee_new"),
    path("desk/congress/committees/<uuid:pk>/edit/", bodies.CommitteeEditView.as_view(), name="committee_edit"),
    path("desk/congress/terms/<uuid:pk>/observers/", bodies.ObserverNewView.as_view(), name="observer_new"),
    path("desk/congress/observers/<int:pk>/end/", bodies.ObserverEndView.as_view(), name="observer_end"),
]
