"""State and slip of a row of the plan, as shape and word."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from milestones.states import PlanState, slip_words

register = template.Library()

_KINDS = {
    PlanState.NOT_DUE: "none",
    PlanState.DUE_SOON: "wait",
    PlanState.OVERDUE: "stop",
    PlanState.DONE_IN_TIME: "done",
    PlanState.DONE_LATE: "act",
    PlanState.UNDATED: "none",
}


@register.filter
@lru_cache(maxsize=16)
def plan_state(state: PlanState) -> SafeString:
    """``{{ row.state|plan_state }}``: the usual mark of a state; drawn once, for a plan may have hundreds of rows."""
    return render_to_string("components/state.html", {"kind": _KINDS[state], "word": state.label})


register.filter("slip", slip_words)
