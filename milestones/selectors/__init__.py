"""Reads across models, with typed results."""

from milestones.selectors.states import plan_states, states_of

__all__ = ["plan_states", "states_of"]
