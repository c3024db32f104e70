import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.models import CommunicationRule, LetterTemplate, Mechanism, State
from cases.models.state import CouncilTerm
from cases.models.term import Term, forget_terms
from cases.services.reference import load_reference
from cases.services.reference_files import FILES


@pytest.fixture(autouse=True)
def _no_terms_of_another_test() -> Iterator[None]:
    forget_terms()
    yield
    forget_terms()


@pytest.fixture
def bare(db):
    """The tables as a new database has them: the rest of the suite starts from loaded ones."""
    for model in (CouncilTerm, CommunicationRule, LetterTemplate, Mechanism, State, Term):
        model.objects.all().delete()
    forget_terms()


@pytest.fixture
def loaded(bare):
    counts = load_reference()
    forget_terms()
    return counts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be spoiled."""
    return Path(shutil.copytree(FILES, tmp_path / "reference"))
