"""What a person sees of a job while it runs and when it has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs.models import Job


@require_GET
@never_cache
def detail(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    return render(request, "jobs/detail.html", {"job": job})


@require_GET
@never_cache
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of the page that asks for itself again until the job has ended."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    return render(request, "jobs/progress.html", {"job": job})
