# The portal as an image: web, worker, beat and the migration step run the same one with different commands.
FROM python:3.11-slim-bookworm

# What WeasyPrint draws text with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    VAR_DIR=/data \
    STATIC_ROOT=/app/staticfiles

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY . .
# Collecting needs settings, and settings need a key; this one is gone with the layer's command.
RUN SECRET_KEY=only-for-collecting python manage.py collectstatic --noinput --ignore rest_framework \
    && useradd --system --create-home --uid 1000 vekha \
    && install --directory --owner vekha --mode 700 /data
USER vekha
VOLUME /data
EXPOSE 8000

CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
