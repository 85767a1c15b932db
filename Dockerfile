# syntax=docker/dockerfile:1
# One image for everything that runs in production: billing serve | work | migrate.
# The embedded database of the demo is not in it: DATABASE_URL names a Postgres of 15 or later.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
WORKDIR /build
RUN python -m venv /opt/billing
COPY bootstrap.lock requirements-prod.lock ./
RUN pip install --require-hashes --only-binary :all: -r bootstrap.lock \
    && uv pip install --python /opt/billing/bin/python --require-hashes --compile-bytecode -r requirements-prod.lock
COPY . .
RUN uv pip install --python /opt/billing/bin/python --no-deps --no-build-isolation --compile-bytecode . \
    && uv pip uninstall --python /opt/billing/bin/python setuptools pip

FROM python:${PYTHON}-slim
# an invoice names its customer in the customer's script; without a font for it there is no PDF of it
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin billing
COPY --from=build /opt/billing /opt/billing
ENV PATH=/opt/billing/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 METRICS_HOST=0.0.0.0
USER 10001
WORKDIR /tmp
EXPOSE 8000 9000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/ready', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["billing"]
CMD ["serve"]
