"""What a Permanent Mission can reach. Ids are random; a number in an address would count."""

from django.urls import path

from cases.portal import downloads, packages, replies, sending

urlpatterns = [
    path("", packages.inbox, name="inbox"),
    path("history/", packages.history, name="history"),
    path("letters/<uuid:pk>/", packages.package_detail, name="package-detail"),
    path(
        "letters/<uuid:pk>/acknowledge/", packages.package_acknowledge, name="package-acknowledge"
    ),
    path("letters/<uuid:pk>/time/", packages.extension_ask, name="extension-ask"),
    path("letters/<uuid:pk>/reply/", replies.reply_start, name="reply-start"),
    path("letters/attachments/<uuid:pk>/", downloads.package_attachment, name="package-attachment"),
    path("replies/<uuid:pk>/", replies.reply_edit, name="reply-edit"),
    path("replies/<uuid:pk>/keep/", replies.draft_keep, name="draft-keep"),
    path("replies/<uuid:pk>/drop/", replies.draft_drop, name="draft-drop"),
    path("replies/<uuid:pk>/attach/", replies.reply_attach, name="reply-attach"),
    path("replies/<uuid:pk>/submit/", sending.reply_submit, name="reply-submit"),
    path("replies/<uuid:pk>/submitted/", sending.reply_detail, name="reply-detail"),
    path("replies/attachments/<uuid:pk>/", downloads.reply_attachment, name="reply-attachment"),
    path("replies/attachments/<uuid:pk>/remove/", replies.reply_detach, name="reply-detach"),
]
