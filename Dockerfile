# One image for every door; DOOR says which one a container is.
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/venv/bin:$PATH
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements requirements
RUN pip install --require-hashes -r requirements/base.txt
COPY . .
# polib compiles the message catalogues; it stays behind in this stage.
RUN python -m venv /opt/tools \
    && sed -n '/^polib==/,/[^\\]$/p' requirements/dev.txt > /tmp/tools.txt \
    && /opt/tools/bin/pip install --require-hashes -r /tmp/tools.txt \
    && /opt/tools/bin/python -m launch.messages
# The key is of this command alone; nothing is signed with it.
RUN SECRET_KEY=build python manage.py collectstatic --no-input

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin reprisals \
    && install -d -o reprisals -m 0700 /data/files /data/files/vault /data/files/portal /data/anchors
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
CMD ["gunicorn", "reprisals.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--workers=2", "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
