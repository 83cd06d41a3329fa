# syntax=docker/dockerfile:1
# The command in a small image, as a user without rights. Build: docker build -t camcensus .   Use: docs/ci.md
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /source
COPY pyproject.toml setup.py MANIFEST.in README.md CHANGELOG.md LICENSE requirements.lock ./
COPY scanner scanner
COPY fingerprints fingerprints
# The versions that the tests ran with; the lock's hashes are of more than this installs, so they are not taken over
RUN sed -n 's/^\([A-Za-z0-9._-]*==[^ ;\\]*\).*/\1/p' requirements.lock > /versions.txt \
 && python -m venv /opt/camcensus \
 && /opt/camcensus/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      --constraint /versions.txt ".[postgresql]" \
 && /opt/camcensus/bin/python -m pip uninstall --yes --quiet pip

FROM ${PYTHON}
LABEL org.opencontainers.image.title="camcensus" \
      org.opencontainers.image.description="Find every camera on a network, and prove who made it" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin camcensus \
 && install --directory --owner=camcensus --group=camcensus --mode=0750 /data
COPY --from=build /opt/camcensus /opt/camcensus
ENV PATH=/opt/camcensus/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_STATE_HOME=/data \
    XDG_DATA_HOME=/data
# Store and runs; mount a volume here, or they go with the container
VOLUME /data
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["camcensus"]
CMD ["--help"]
