#!/bin/sh
# One image, several parts: web, worker, beat, migrate, or any management command.
set -eu
case "${1:-web}" in
  web)
    # Without the last two options granian stays up, but deaf, after a worker's crash.
    exec granian --interface wsgi --host 0.0.0.0 --port 8000 \
      --workers "${WEB_WORKERS:-2}" --blocking-threads "${WEB_THREADS:-4}" --backpressure 128 --log-level warning \
      --respawn-failed-workers --workers-kill-timeout 10 portal.wsgi:application ;;
  worker)
    exec celery -A portal worker --concurrency "${WORKERS:-2}" --loglevel INFO --without-mingle ;;
  beat)
    exec celery -A portal beat --loglevel INFO --pidfile= ;;
  migrate)
    exec python manage.py migrate --no-input ;;
  *)
    exec python manage.py "$@" ;;
esac
