"""The yearly satisfaction poll; forms are filled in on the pages of the sealed box."""

from django.urls import path

from ..views import satisfaction

urlpatterns = [
    path("open/satisfaction/", satisfaction.SatisfactionsView.as_view(), name="satisfactions"),
    path("open/satisfaction/<uuid:pk>/", satisfaction.SatisfactionView.as_view(), name="satisfaction"),
    path("desk/satisfaction/new/", satisfaction.SatisfactionNewView.as_view(), name="satisfaction_new"),
    path(
        "desk/satisfaction/<uuid:pk>/remind/", satisfaction.SatisfactionRemindView.as_view(), name="satisfaction_remind"
    ),
]
