"""Every write to the progress of event plans."""

from milestones.services.progress import assignee_set, completion_undo, progress_save

__all__ = ["assignee_set", "completion_undo", "progress_save"]
