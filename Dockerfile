# The portal's image: one for web, worker and scheduler. Build: docker build -t lianpei .
FROM node:22-bookworm-slim AS frontend
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    LIANPEI_ENV=production LIANPEI_VAR=/var/lib/lianpei
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/lianpei --create-home lianpei
WORKDIR /srv/lianpei
COPY requirements.lock ./
# The versions of the lock file, each archive compared with its hash.
RUN pip install --prefer-binary --require-hashes -r requirements.lock
COPY . .
COPY --from=frontend /src/node_modules ./node_modules
# Static files are collected at build time; no setting of the real deployment is needed for that.
RUN python config/tooling/prepare.py vendor \
    && rm -rf node_modules \
    && SECRET_KEY=only-for-this-step LIANPEI_VAR=/tmp/build LIANPEI_STATIC=/srv/lianpei/collected \
       python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build
ENV LIANPEI_STATIC=/srv/lianpei/collected
USER lianpei
EXPOSE 8000
# Behind the proxy: sync workers, as many as WEB_CONCURRENCY says (gunicorn reads it).
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--worker-tmp-dir=/dev/shm", "--timeout=60", "--access-logfile=-", "--logger-class=config.accesslog.AccessLog"]
