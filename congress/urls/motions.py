"""Motions: what everybody reads, a delegate's own pages, the committee's board."""

from django.urls import path

from ..views import motion_desk, motion_offers, motion_own, motions

urlpatterns = [
    path("congress/motions/", motions.MotionsView.as_view(), name="motions"),
    path("congress/motions/file/", motions.MotionsFileView.as_view(), name="motions_file"),
    path("congress/motions/mine/", motion_own.MotionsMineView.as_view(), name="motions_mine"),
    path("congress/motions/new/", motion_own.MotionNewView.as_view(), name="motion_new"),
    path("congress/motions/offer/", motion_offers.OfferNewView.as_view(), name="offer_new"),
    path("congress/motions/offers/<uuid:pk>/", motion_offers.OfferAnswerView.as_view(), name="offer_answer"),
    path("congress/motions/offers/<uuid:pk>/back/", motion_offers.OfferTakeBackView.as_view(), name="offer_take_back"),
    path("congress/motions/calls/<uuid:pk>/", motions.MotionCallView.as_view(), name="motion_call"),
    path("congress/motions/calls/<uuid:pk>/report/", motion_desk.MotionReportView.as_view(), name="motion_report"),
    path("congress/motions/<uuid:pk>/", motions.MotionView.as_view(), name="motion"),
    path("congress/motions/<uuid:pk>/print/", motions.MotionPrintView.as_view(), name="motion_print"),
    path("congress/motions/<uuid:pk>/edit/", motion_own.MotionEditView.as_view(), name="motion_edit"),
    path("congress/motions/<uuid:pk>/discard/", motion_own.MotionDiscardView.as_view(), name="motion_discard"),
    path("congress/motions/<uuid:pk>/invite/", motion_own.MotionInviteView.as_view(), name="motion_invite"),
    path("congress/motions/<uuid:pk>/sign/", motion_own.MotionSignView.as_view(), name="motion_sign"),
    path("congress/motions/<uuid:pk>/unsign/", motion_own.MotionUnsignView.as_view(), name="motion_unsign"),
    path("congress/motions/<uuid:pk>/hand-in/", motion_own.MotionHandInView.as_view(), name="motion_hand_in"),
    path("congress/motions/<uuid:pk>/back/", motion_own.MotionTakeBackView.as_view(), name="motion_take_back"),
    path("congress/motions/<uuid:pk>/withdraw/", motion_own.MotionWithdrawView.as_view(), name="motion_withdraw"),
    path("congress/motions/<uuid:pk>/group/", motion_own.MotionGroupView.as_view(), name="motion_group"),
    path("congress/motions/<uuid:pk>/rate/", motion_own.MotionRateView.as_view(), name="motion_rate"),
    path("desk/congress/sessions/<uuid:pk>/call/", motion_desk.MotionCallNewView.as_view(), name="motion_call_new"),
    path("desk/congress/motions/<uuid:pk>/board/", motion_desk.MotionBoardView.as_view(), name="motion_board"),
    path("desk/congress/motions/<uuid:pk>/decide/", motion_desk.MotionDecideView.as_view(), name="motion_decide"),
    path("desk/congress/motions/<uuid:pk>/check/", motion_desk.MotionCheckView.as_view(), name="motion_check"),
    path("desk/congress/motions/<uuid:pk>/best/", motion_desk.MotionBestView.as_view(), name="motion_best"),
    path("desk/congress/motions/<uuid:pk>/archive/", motion_desk.MotionArchiveView.as_view(), name="motion_archive"),
]
