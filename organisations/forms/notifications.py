"""Which notifications a person wants, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from organisations.access import access_of
from organisations.models import NotificationKind, NotificationMute, User
from organisations.models.notifications import AUDIENCE, MANDATORY, Channel


class NotificationChoices(forms.Form):
    """A box for each kind that concerns the person and each channel; a ticked one comes."""

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        self.kinds = [kind for kind in NotificationKind if access_of(user).holds(*AUDIENCE[kind])]
        known = set(NotificationMute.objects.filter(user=user).values_list("kind", "channel"))
        # What is not on the page stays as it is: a role may come back.
        self._elsewhere = {(NotificationKind(kind), Channel(way)) for kind, way in known if kind not in self.kinds}
        for kind in self.kinds:
            for channel in Channel:
                if channel == Channel.MAIL or kind not in MANDATORY:
                    self.fields[f"{kind}-{channel}"] = forms.BooleanField(
                        label=f"{kind.label}: {channel.label.lower()}",
                        required=False,
                        initial=(kind.value, channel.value) not in known,
                    )

    def rows(self) -> Iterator[tuple[str, BoundField | None, BoundField]]:
        """What it is called, its box for the portal (None: always comes) and its box for the mail."""
        for kind in self.kinds:
            portal = f"{kind}-{Channel.PORTAL}"
            yield kind.label, self[portal] if portal in self.fields else None, self[f"{kind}-{Channel.MAIL}"]

    @property
    def muted(self) -> set[tuple[NotificationKind, Channel]]:
        said: dict[str, Any] = self.cleaned_data
        off = {
            (kind, channel)
            for kind in self.kinds
            for channel in Channel
            if f"{kind}-{channel}" in said and not said[f"{kind}-{channel}"]
        }
        return off | self._elsewhere
