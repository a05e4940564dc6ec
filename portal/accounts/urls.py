"""Addresses of the people's floor, below /people/."""

from django.urls import path

from .views import sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign_out"),
    path("signed-out/", sign_in.SignedOutView.as_view(), name="signed_out"),
    path("me/secret/", sign_in.ChangeSecretView.as_view(), name="change_secret"),
    path("me/welcome/", sign_in.WelcomeView.as_view(), name="welcome"),
]
