"""Addresses of the people's floor, below /people/."""

from django.urls import path

from .views import appointments, me, people, roster, rulebook, security, sign_in, units

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign_out"),
    path("signed-out/", sign_in.SignedOutView.as_view(), name="signed_out"),
    path("still-here/", me.StillHereView.as_view(), name="still_here"),
    path("me/", me.MeView.as_view(), name="me"),
    path("me/secret/", sign_in.ChangeSecretView.as_view(), name="change_secret"),
    path("me/welcome/", sign_in.WelcomeView.as_view(), name="welcome"),
    path("me/data/", me.OwnDataView.as_view(), name="own_data"),
    path("me/devices/", me.DeviceListView.as_view(), name="devices"),
    path("me/devices/others/end/", me.EndOthersView.as_view(), name="end_others"),
    path("me/devices/<uuid:pk>/end/", me.EndDeviceView.as_view(), name="end_device"),
    path("units/", units.UnitListView.as_view(), name="units"),
    path("units/create/", units.UnitCreateView.as_view(), name="unit_create"),
    path("units/<str:code>/rename/", units.UnitRenameView.as_view(), name="unit_rename"),
    path("units/<str:code>/move/", units.UnitMoveView.as_view(), name="unit_move"),
    path("units/<str:code>/close/", units.UnitCloseView.as_view(), name="unit_close"),
    path("units/<str:code>/slips/", people.SlipBatchView.as_view(), name="slips"),
    path("roster/", people.PeopleListView.as_view(), name="people"),
    path("roster/add/", people.PersonAddView.as_view(), name="person_add"),
    path("roster/<uuid:pk>/", people.PersonView.as_view(), name="person"),
    path("roster/<uuid:pk>/edit/", people.PersonEditView.as_view(), name="person_edit"),
    path("roster/<uuid:pk>/move/", people.PersonMoveView.as_view(), name="person_move"),
    path("roster/<uuid:pk>/leave/", people.PersonLeaveView.as_view(), name="person_leave"),
    path("roster/<uuid:pk>/return/", people.PersonReturnView.as_view(), name="person_return"),
    path("roster/<uuid:pk>/slip/", people.PersonSlipView.as_view(), name="person_slip"),
    path("roster/<uuid:pk>/end-sessions/", security.EndSessionsView.as_view(), name="person_end_sessions"),
    path("roster/<uuid:pk>/lift/", security.LiftBlocksView.as_view(), name="person_lift"),
    path("imports/", roster.RosterListView.as_view(), name="rosters"),
    path("imports/upload/", roster.RosterUploadView.as_view(), name="roster_upload"),
    path("imports/template/", roster.RosterTemplateView.as_view(), name="roster_template"),
    path("imports/current/", roster.RosterDownloadView.as_view(), name="roster_download"),
    path("imports/<uuid:pk>/", roster.RosterView.as_view(), name="roster"),
    path("imports/<uuid:pk>/write/", roster.RosterWriteView.as_view(), name="roster_write"),
    path("imports/<uuid:pk>/discard/", roster.RosterDiscardView.as_view(), name="roster_discard"),
    path("imports/<uuid:pk>/nudge/", roster.RosterNudgeView.as_view(), name="roster_nudge"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="appointments"),
    path("appointments/grant/", appointments.GrantRoleView.as_view(), name="grant"),
    path("appointments/<uuid:pk>/end/", appointments.EndAppointmentView.as_view(), name="appointment_end"),
    path("appointments/<uuid:pk>/deputy/", appointments.DeputyView.as_view(), name="deputy"),
    path("appointments/requests/<uuid:pk>/confirm/", appointments.ConfirmRequestView.as_view(), name="request_confirm"),
    path("appointments/requests/<uuid:pk>/decline/", appointments.DeclineRequestView.as_view(), name="request_decline"),
    path(
        "appointments/requests/<uuid:pk>/withdraw/", appointments.WithdrawRequestView.as_view(), name="request_withdraw"
    ),
    path("security/", security.SecurityView.as_view(), name="security"),
    path("rules/", rulebook.RuleListView.as_view(), name="rules"),
    path("rules/<str:key>/set/", rulebook.RuleSetView.as_view(), name="rule_set"),
]
