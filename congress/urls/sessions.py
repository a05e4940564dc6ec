"""Sessions: the public list and page, the acts of the union."""

from django.urls import path

from ..views import delegate, planning, sessions

urlpatterns = [
    path("congress/sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("congress/sessions/<uuid:pk>/", sessions.SessionView.as_view(), name="session"),
    path("desk/congress/terms/<uuid:pk>/sessions/", sessions.SessionNewView.as_view(), name="session_new"),
    path("desk/congress/sessions/<uuid:pk>/move/", sessions.SessionMoveView.as_view(), name="session_move"),
    path("desk/congress/sessions/<uuid:pk>/postpone/", sessions.SessionPostponeView.as_view(), name="session_postpone"),
    path("desk/congress/sessions/<uuid:pk>/cancel/", sessions.SessionCancelView.as_view(), name="session_cancel"),
    path("congress/sessions/<uuid:pk>/mine/", delegate.MySessionView.as_view(), name="my_session"),
    path("congress/sessions/<uuid:pk>/receipt/", delegate.ReceiptView.as_view(), name="receipt"),
    path("congress/items/<uuid:pk>/opinion/", delegate.OpinionNewView.as_view(), name="opinion_new"),
    path("congress/papers/<uuid:pk>/", delegate.PaperView.as_view(), name="paper"),
    path("congress/papers/<uuid:pk>/file/", delegate.PaperFileView.as_view(), name="paper_file"),
    path("desk/congress/sessions/<uuid:pk>/", planning.SessionDeskView.as_view(), name="session_desk"),
    path("desk/congress/steps/<int:pk>/", planning.StepDoView.as_view(), name="step_do"),
    path(
        "desk/congress/sessions/<uuid:pk>/credentials/",
        planning.SessionCredentialsView.as_view(),
        name="session_credentials",
    ),
    path("desk/congress/sessions/<uuid:pk>/items/", planning.ItemNewView.as_view(), name="item_new"),
    path("desk/congress/items/<uuid:pk>/edit/", planning.ItemEditView.as_view(), name="item_edit"),
    path("desk/congress/items/<uuid:pk>/withdraw/", planning.ItemWithdrawView.as_view(), name="item_withdraw"),
    path("desk/congress/sessions/<uuid:pk>/papers/", planning.PaperNewView.as_view(), name="paper_new"),
    path("desk/congress/sessions/<uuid:pk>/convene/", planning.ConveneView.as_view(), name="convene"),
    path("desk/congress/sessions/<uuid:pk>/deliver/", planning.DeliverView.as_view(), name="deliver"),
    path("desk/congress/sessions/<uuid:pk>/deliveries/", planning.DeliveriesView.as_view(), name="session_deliveries"),
    path("desk/congress/sessions/<uuid:pk>/opinions/", planning.OpinionsView.as_view(), name="session_opinions"),
    path("desk/congress/opinions/<uuid:pk>/answer/", planning.OpinionAnswerView.as_view(), name="opinion_answer"),
    path("desk/congress/terms/<uuid:pk>/joint/", planning.JointNewView.as_view(), name="joint_new"),
]
