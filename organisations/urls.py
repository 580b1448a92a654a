"""Signing in and out, one's own account, people, notifications, the calendar."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from organisations.views import (
    accounts,
    calendar,
    letters,
    notifications,
    people,
    register,
    register_loads,
    second_factor,
    sign_in,
    tokens,
)

app_name = "organisations"

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/first/", sign_in.first_sign_in, name="first_sign_in"),
    path("sign-in/first/<str:login>/<str:code>/", sign_in.first_sign_in, name="first_sign_in_by_link"),
    path("sign-in/second/", second_factor.second_factor, name="second_factor"),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="sign_out"),
    path("password/forgotten/", sign_in.password_forgotten, name="password_forgotten"),
    path("password/<str:uid>/<str:token>/", sign_in.new_password, name="password_reset"),
    path("account/", accounts.account, name="account"),
    path("account/password/", accounts.password, name="account_password"),
    path("account/email/", accounts.email, name="account_email"),
    path("account/sessions/end/", accounts.end_session, name="session_end"),
    path("account/sessions/end-others/", accounts.end_other_sessions, name="sessions_end"),
    path("account/second-factor/", second_factor.connect, name="second_factor_connect"),
    path("account/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("account/second-factor/remove/", second_factor.disconnect, name="second_factor_remove"),
    path("account/keys/", tokens.tokens, name="tokens"),
    path("account/keys/<int:pk>/end/", tokens.token_end, name="token_end"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/letters/", letters.letters, name="letters"),
    path("people/letters/<int:job>/again/", letters.letter_again, name="letter_again"),
    path("people/slips/", people.slips, name="slips"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/role/", people.person_role, name="person_role"),
    path("people/<int:pk>/role/<int:role>/take/", people.role_taking, name="role_take"),
    path("people/<int:pk>/step/", people.person_step, name="person_step"),
    path("people/<int:pk>/slip/", people.person_slip, name="person_slip"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.notifications_read_all, name="notifications_read_all"),
    path("notifications/settings/", notifications.notification_settings, name="notification_settings"),
    path("notifications/<int:pk>/open/", notifications.notification_open, name="notification_open"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:pk>/remove/", calendar.calendar_day_remove, name="calendar_day_remove"),
    path("organisations/", register.register, name="register"),
    path("organisations/template.xlsx", register_loads.register_template, name="register_template"),
    path("organisations/load/", register_loads.register_loading, name="register_loading"),
    path("organisations/load/<int:pk>/", register_loads.register_load, name="register_load"),
    path("organisations/load/<int:pk>/confirm/", register_loads.register_load_confirming, name="register_load_confirm"),
    path("organisations/load/<int:pk>/drop/", register_loads.register_load_dropping, name="register_load_drop"),
    path("organisations/<int:pk>/", register.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", register.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/move/", register.organisation_moving, name="organisation_move"),
    path("organisations/<int:pk>/merge/", register.organisation_merging, name="organisation_merge"),
    path("organisations/<int:pk>/close/", register.organisation_closing, name="organisation_close"),
    path("organisations/<int:pk>/reopen/", register.organisation_reopening, name="organisation_reopen"),
]
