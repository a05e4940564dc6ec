"""The front page, the homes, help, privacy, the reader's choices and the style page."""

from django.urls import path

from portal.home.views import pages, preferences, styleguide

app_name = "home"
urlpatterns = [
    path("", pages.FrontView.as_view(), name="front"),
    path("home/", pages.HomeView.as_view(), name="home"),
    path("help/", pages.HelpView.as_view(), name="help"),
    path("privacy/", pages.PrivacyView.as_view(), name="privacy"),
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("styleguide/", styleguide.StyleguideView.as_view(), name="styleguide"),
]
