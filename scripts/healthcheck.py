"""Ask the web process of this container whether it is well; exits with an error when it is not."""

import os
import urllib.request

request = urllib.request.Request(
    "http://127.0.0.1:8000/health/",
    # Django answers only to the names it was told.
    headers={"Host": os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]},
)
with urllib.request.urlopen(request, timeout=4) as response:
    assert response.status == 200
