# syntax=docker/dockerfile:1
ARG PYTHON=3.13

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /srv/portal
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY . .
# Messages and static files are made here, once; the running container writes nothing but its volumes.
RUN /opt/venv/bin/python -m portal.kernel.catalogue \
 && PORTAL_MODE=production PORTAL_VAR=/tmp/build PORTAL_HOSTS=build PORTAL_ORIGIN=https://build \
    PORTAL_SECRET_KEY=only-while-collecting-static-files PORTAL_TAG_KEY=only-while-collecting-static-files \
    DATABASE_URL=postgres://build REDIS_URL=redis://build PORTAL_STATIC=/srv/portal/staticfiles \
    /opt/venv/bin/python manage.py collectstatic --no-input --ignore '*.map' --ignore '*rtl*' \
 && rm -rf /tmp/build tests .ci

FROM python:${PYTHON}-slim-bookworm
# Backups need the database's own tools; they must not be older than the server.
RUN apt-get update && apt-get install --no-install-recommends -y postgresql-client && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0700 /var/lib/portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings PORTAL_VAR=/var/lib/portal PORTAL_STATIC=/srv/portal/staticfiles
USER 10001:10001
VOLUME /var/lib/portal
EXPOSE 8000
ENTRYPOINT ["/srv/portal/deploy/entrypoint.sh"]
CMD ["web"]
