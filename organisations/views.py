"""Signing in."""

from __future__ import annotations

from django.contrib.auth.views import LoginView

from organisations.forms import SignInForm


class SignIn(LoginView):
    """The door of the portal. A person already inside goes home."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
