from django.urls import path, re_path

from ..views import care, decisions, extensions, inbox, paper, reply, statistics, templates, triage, work

NUMBER = r"^desk/(?P<number>[0-9]{4}-[0-9]{1,9})/"


def act(verb, view):
    """Return the address of an act on an inquiry: /desk/2026-0042/assign/."""
    return re_path(f"{NUMBER}{verb.replace('_', '-')}/$", view.as_view(), name=verb)


urlpatterns = [
    path("desk/triage/", triage.TriageView.as_view(), name="triage"),
    path("desk/triage/list.xlsx", statistics.BoardFileView.as_view(), name="triage_file"),
    path("desk/decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path("desk/inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("desk/deliver/", reply.DeliverManyView.as_view(), name="deliver_many"),
    path("desk/on-behalf/", paper.PaperCardView.as_view(), name="on_behalf"),
    path("desk/statistics/", statistics.StatisticsView.as_view(), name="statistics"),
    re_path(
        r"^desk/statistics/handling\.(?P<form>xlsx|docx)$",
        statistics.StatisticsFileView.as_view(),
        name="statistics_file",
    ),
    path("desk/scorecard/", statistics.ScorecardView.as_view(), name="scorecard"),
    path("desk/templates/", templates.TemplateListView.as_view(), name="templates"),
    path("desk/templates/new/", templates.TemplateAddView.as_view(), name="template_add"),
    path("desk/templates/<int:pk>/", templates.TemplateEditView.as_view(), name="template_edit"),
    path("desk/templates/<int:pk>/use/", templates.TemplateUseView.as_view(), name="template_use"),
    path("desk/calendar/", inbox.CalendarAddressView.as_view(), name="calendar_address"),
    path("desk/identity-key/", care.IdentityKeyView.as_view(), name="identity_key"),
    path("desk/identity-key/new/", care.MakeKeyView.as_view(), name="identity_key_make"),
    path("desk/identity-key/<int:pk>/passphrase/", care.ChangePassphraseView.as_view(), name="identity_key_passphrase"),
    path("desk/identity-key/<int:pk>/sheet/", care.KeySheetView.as_view(), name="identity_key_sheet"),
    path("calendar/<str:token>.ics", inbox.CalendarView.as_view(), name="ics"),
    path("inquiries/statistics/", statistics.PublicStatisticsView.as_view(), name="public_statistics"),
    re_path(f"{NUMBER}$", work.WorkView.as_view(), name="work"),
    re_path(f"{NUMBER}files/(?P<pk>[0-9a-f-]{{36}})/$", work.WorkFileView.as_view(), name="work_file"),
    re_path(f"{NUMBER}reply/draft/$", reply.ReplyDraftView.as_view(), name="reply_draft"),
    act("register", triage.RegisterView),
    act("assign", triage.AssignView),
    act("decide_return", triage.DecideReturnView),
    act("merge", triage.MergeView),
    act("unmerge", triage.UnmergeView),
    act("transfer", triage.TransferView),
    act("ask_return", work.AskReturnView),
    act("contribute", work.ContributeView),
    act("plan", work.PlanView),
    act("ask_author", work.AskAuthorView),
    act("resume", work.ResumeView),
    act("ask_extension", extensions.AskExtensionView),
    act("decide_extension", extensions.DecideExtensionView),
    act("reply", reply.ReplyView),
    act("approve", reply.ApproveView),
    act("send_back", reply.SendBackView),
    act("deliver", reply.DeliverView),
    act("redact", care.RedactView),
    act("ask_hiding", care.AskHidingView),
    act("decide_hiding", care.DecideHidingView),
    act("reveal", care.RevealView),
]
