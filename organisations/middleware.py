"""What holds for every page, however the person came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from organisations.entering import has_passed, must_have_second_factor, password_passed
from organisations.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorRequired:
    """Sends a member of staff whose session has not passed the second factor back to it.

    A head of a school who is given a role of staff is met here at the next request, and so would be whoever found a
    way in that forgets the second factor.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or has_passed(request):
            return None
        user = request.user
        if isinstance(user, User) and must_have_second_factor(user):
            return password_passed(request, user, then=request.get_full_path() if request.method == "GET" else "/")
        return None
