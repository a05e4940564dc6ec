"""Addresses of the ballot box; what is under /vote/ and /a/ leaves no line in any log (portal.kernel.anonymity)."""

from django.urls import path

from .views import casting, ceremony, code, desk, papers, public

app_name = "ballots"
urlpatterns = [
    path("vote/", casting.MineView.as_view(), name="mine"),
    path("vote/<uuid:pk>/", casting.BallotView.as_view(), name="ballot"),
    path("a/vote/", code.CodeView.as_view(), name="code"),
    path("votes/", public.ResultsView.as_view(), name="results"),
    path("votes/<uuid:pk>/", public.ResultView.as_view(), name="result"),
    path("votes/desk/", desk.DeskView.as_view(), name="desk"),
    path("votes/new/", desk.TrialView.as_view(), name="trial"),
    path("votes/<uuid:pk>/desk/", desk.WorkView.as_view(), name="work"),
    path("votes/<uuid:pk>/share/", ceremony.TakeShareView.as_view(), name="take_share"),
    path("votes/<uuid:pk>/shares-back/", ceremony.ResetSharesView.as_view(), name="reset_shares"),
    path("votes/<uuid:pk>/codes/", ceremony.PrintCodesView.as_view(), name="print_codes"),
    path("votes/<uuid:pk>/void-sheet/", ceremony.VoidSheetView.as_view(), name="void_sheet"),
    path("votes/<uuid:pk>/open/", desk.OpenView.as_view(), name="open"),
    path("votes/<uuid:pk>/close/", desk.CloseView.as_view(), name="close"),
    path("votes/<uuid:pk>/count/", ceremony.CountView.as_view(), name="count"),
    path("votes/<uuid:pk>/minutes/", ceremony.MinutesView.as_view(), name="minutes"),
    path("votes/<uuid:pk>/publish/", desk.PublishView.as_view(), name="publish"),
    path("votes/<uuid:pk>/repeat/", desk.RepeatView.as_view(), name="repeat"),
    path("votes/<uuid:pk>/papers/", papers.PapersView.as_view(), name="papers"),
    path("votes/<uuid:pk>/scan/", papers.ScanView.as_view(), name="scan"),
    path("votes/<uuid:pk>/discard/", desk.DiscardView.as_view(), name="discard"),
]
