"""Lists of the portal as datasets: what a page shows, as filtered, from its first row to its last.

A list is known by the name in its address. Its function asks the rights that its page asks, reads the same selector
with the same filter, and leaves the paging out.
"""

from __future__ import annotations

from collections.abc import Callable

from organisations.views.requests import SignedInRequest
from projects.models import Project
from reports.documents.dataset import Dataset
from reports.lists import indicators, organisations, projects

LISTS: dict[str, Callable[[SignedInRequest], Dataset]] = {
    "projects": projects.projects,
    "change-requests": projects.change_requests,
    "documents": projects.all_documents,
    "base-indicators": indicators.base_indicators,
    "periods": indicators.periods,
    "my-forms": indicators.my_forms,
    "roll-up-audits": indicators.roll_up_audits,
    "people": organisations.people,
    "register-loads": organisations.register_loads,
    "letters": organisations.letters,
}
LISTS_OF_PROJECT: dict[str, Callable[[SignedInRequest, Project], Dataset]] = {
    "results": projects.results,
    "redactions": projects.redactions,
    "participants": projects.participants,
    "documents": projects.documents,
    "indicators": indicators.indicators,
    "breakdown": indicators.breakdown,
    "methodology": indicators.methodology,
    "monitoring": projects.monitoring,
    "plan-fact": indicators.plan_fact_by_year,
}
