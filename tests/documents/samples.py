"""One letter and one receipt in each of the six languages, all invented."""

import datetime as dt
from typing import Any

from cases.documents.letter import Letter
from cases.documents.receipt import Receipt

# What each says: type, State, subject, a sentence.
SAID = {
    "ar": ("نداء عاجل", "أردانيا", "احتجاز مزعوم لمحام", "نتشرف بمخاطبتكم بشأن معلومات وردت."),
    "zh": ("紧急呼吁", "阿尔达尼亚", "据称一名律师遭拘留", "我们谨提请贵国政府注意所收到的资料。"),
    "en": ("Urgent appeal", "Ardania", "Alleged detention of a lawyer", "We address you."),
    "fr": ("Appel urgent", "Ardanie", "Détention présumée d’un avocat", "Nous écrivons à Genève."),
    "ru": ("Срочный призыв", "Ардания", "Предполагаемое задержание", "Имеем честь обратиться."),
    "es": ("Llamamiento urgente", "Ardania", "Presunta detención", "¿Cuál es la razón?"),
}
DAYS = {
    "ar": "24 نوفمبر، 2026",
    "zh": "2026年11月24日",
    "en": "24 November 2026",
    "fr": "24 novembre 2026",
    "ru": "24 ноября 2026",
    "es": "24 de noviembre de 2026",
}


def letter(language: str = "en", **fields: Any) -> Letter:
    kind, state, subject, sentence = SAID[language]
    return Letter(
        **{
            "reference": "UA-XAA-7R2W9K",
            "type_label": kind,
            "date": dt.date(2026, 11, 24),
            "state_name": state,
            "signatories": ["Special Rapporteur on the situation of human rights defenders"],
            "language": language,
            "subject": subject,
            "paragraphs": [sentence],
            "elements": [sentence, sentence],
            "questions": [sentence],
            "closing": [sentence],
            "response_days": 60,
            "annexes": ["Annex 1"],
            "synthetic": True,
            **fields,
        }
    )


def receipt(language: str = "en", **fields: Any) -> Receipt:
    _kind, state, subject, _sentence = SAID[language]
    return Receipt(
        **{
            "reference": "UA-XAA-7R2W9K",
            "subject": subject,
            "state_name": state,
            "submitted_at": dt.datetime(2026, 11, 24, 10, 5, tzinfo=dt.UTC),
            "version": 2,
            "digest": "0123456789abcdef" * 4,
            "questions_answered": 3,
            "questions_asked": 6,
            "elements_answered": 1,
            "elements_asked": 2,
            "attachments": [("Note of the Ministry.pdf", "ab" * 32)],
            "language": language,
            "synthetic": True,
            **fields,
        }
    )
