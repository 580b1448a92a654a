"""Anything that people use, the demo included: no secret has a default."""

from whitenoise.compress import Compressor

from config import environment
from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

SECRET_KEY = environment.text("SECRET_KEY")
SECOND_FACTOR = environment.choice("SECOND_FACTOR", ("required", "offered"))
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")

STORAGES["staticfiles"] = {"BACKEND": "config.static.StaticFiles"}
# Fonts of printed documents and maps of scripts are megabytes that no browser asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf", "map")

# The demo on one's own machine speaks plain HTTP; everything else does not.
HTTPS = environment.flag("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Set it only where a proxy of ours overwrites the header, or anyone can claim to have come by HTTPS.
if environment.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Container and load balancer ask over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
