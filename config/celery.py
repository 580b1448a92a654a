"""The one Celery application; its settings are the CELERY_* names of the Django settings."""

from pathlib import Path
from typing import Any

from celery import Celery

from config import broker

broker.register()
app = Celery("vekha")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_message_folder(sender: Celery, **_: Any) -> None:
    """The broker of files (see BROKER_DIR) expects its folder to be there, whichever process is the first."""
    folder = sender.conf.broker_transport_options.get("data_folder_in")
    if folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
