"""Read by gunicorn from the folder where it starts: its answers do not name the server."""

from gunicorn.http import wsgi

wsgi.SERVER = "reprisals"
