from django.urls import path

from accounts import views_offices as views

urlpatterns = [
    path("", views.office_list, name="office-list"),
    path("<uuid:pk>/", views.office_detail, name="office-detail"),
    path("<uuid:pk>/invitations/", views.office_invite, name="office-invite"),
    path("invitations/<uuid:pk>/again/", views.invitation_resend, name="invitation-resend"),
    path("invitations/<uuid:pk>/withdraw/", views.invitation_withdraw, name="invitation-withdraw"),
    path("memberships/<uuid:pk>/end/", views.membership_end, name="membership-end"),
]
