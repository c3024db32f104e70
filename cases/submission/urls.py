"""What anybody can reach, without an account: no address here tells what it is about."""

from django.urls import path

from cases.submission import door

urlpatterns = [
    path("", door.start, name="start"),
    path("leave", door.leave, name="leave"),
]
