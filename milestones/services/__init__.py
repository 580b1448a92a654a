"""Every write to the progress of event plans."""

from milestones.services.evidence import evidence_add, evidence_remove
from milestones.services.progress import assignee_set, completion_undo, progress_save
from milestones.services.rules import plan_rule_save

__all__ = ["assignee_set", "completion_undo", "evidence_add", "evidence_remove", "plan_rule_save", "progress_save"]
