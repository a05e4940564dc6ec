"""Addresses of notices, below /notices/."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("read-all/", views.ReadAllView.as_view(), name="read_all"),
    path("<uuid:pk>/open/", views.OpenView.as_view(), name="open"),
    path("outbox/", views.OutboxView.as_view(), name="outbox"),
    path("outbox/<uuid:pk>/retry/", views.RetryView.as_view(), name="retry"),
    path("outbox/<uuid:pk>/drop/", views.DropView.as_view(), name="drop"),
    path("bots/", views.BotsView.as_view(), name="bots"),
    path("bots/add/", views.AddBotView.as_view(), name="add_bot"),
    path("bots/<int:pk>/change/", views.ChangeBotView.as_view(), name="change_bot"),
    path("bots/<int:pk>/switch/", views.SwitchBotView.as_view(), name="switch_bot"),
    path("bots/<int:pk>/try/", views.TryBotView.as_view(), name="try_bot"),
]
