from django.urls import include, path

urlpatterns = [
    path("", include("cases.console.urls_cases")),
    path("", include("cases.console.urls_parts")),
    path("", include("cases.console.urls_communications")),
]
