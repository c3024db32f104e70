"""Letters and replies: where a person reads, writes, clears, sends and assesses them."""

from django.urls import path

from cases.console.communications import clearances, communications, replies, transmissions

urlpatterns = [
    path("cases/<uuid:pk>/letters/draft/", communications.letter_draft, name="letter-draft"),
    path("letters/<uuid:pk>/", communications.letter_detail, name="letter-detail"),
    path("letters/<uuid:pk>/edit/", communications.letter_edit, name="letter-edit"),
    path("letters/<uuid:pk>/preview/", communications.letter_preview, name="letter-preview"),
    path("letters/<uuid:pk>/names/", communications.letter_names, name="letter-names"),
    path("letters/<uuid:pk>/ask/", clearances.letter_ask_clearance, name="letter-ask-clearance"),
    path("letters/<uuid:pk>/clear/", clearances.letter_clear, name="letter-clear"),
    path("letters/<uuid:pk>/send-back/", clearances.letter_send_back, name="letter-send-back"),
    path(
        "letters/<uuid:pk>/conditions/<uuid:entry>/",
        clearances.letter_conditions,
        name="letter-conditions",
    ),
    path("letters/<uuid:pk>/discard/", clearances.letter_discard, name="letter-discard"),
    path("letters/<uuid:pk>/transmit/", transmissions.letter_transmit, name="letter-transmit"),
    path("signatories/<uuid:pk>/answer/", clearances.signatory_answer, name="signatory-answer"),
    path("letters/files/<uuid:pk>/", transmissions.package_attachment, name="package-attachment"),
    path("extensions/<uuid:pk>/decide/", transmissions.extension_decide, name="extension-decide"),
    path("replies/<uuid:pk>/", replies.reply_read, name="reply-read"),
    path("replies/<uuid:pk>/assess/", replies.reply_assess, name="reply-assess"),
    path("replies/files/<uuid:pk>/", replies.reply_attachment, name="reply-attachment"),
]
