"""Rings in files: made once, rotated, and brought back by any three of five people, by no two."""

import itertools
import stat

import pytest

from cases.vault import Place, Ring, RingMissing, box, seal, unseal
from cases.vault.keyring import ring_of
from cases.vault.ringfiles import FileThere, SharesRefused, init, restore, rotate, split

PLACE = Place("cases_case", "narrative", "1")
RINGS = ("vault", "portal", "search", "submission")


@pytest.fixture
def folder(tmp_path, settings):
    """Rings as a new house has them, and this process reading them."""
    where = tmp_path / "keys"
    init(where)
    settings.KEY_RINGS = {ring: where / f"{ring}_keys" for ring in RINGS}
    settings.SUBMISSION_PUBLIC_KEY = (where / "submission_public_key").read_text()
    return where


def lose(folder):
    for ring in RINGS:
        (folder / f"{ring}_keys").unlink()
    (folder / "submission_public_key").unlink()


def words(paths) -> list[str]:
    return [path.read_text() for path in paths]


def test_a_new_house_has_every_ring_and_nobody_else_reads_them(folder):
    assert ring_of(Ring.VAULT).current == "vault-1"
    assert unseal(seal(b"x", PLACE, Ring.PORTAL), PLACE, Ring.PORTAL) == b"x"
    assert box.unseal(box.seal(b"x", PLACE), PLACE) == b"x"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["vault_keys", "submission_public_key"])
def test_rings_that_are_there_are_never_written_over(tmp_path, name):
    (tmp_path / name).write_text("hers")

    with pytest.raises(FileThere, match=name):
        init(tmp_path)

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "hers")]


def test_a_rotation_seals_with_the_new_key_and_opens_with_the_old(folder):
    (folder / "vault_keys").chmod(0o444)  # as a container reads it
    old = seal(b"old", PLACE, Ring.VAULT)

    assert [rotate(folder / "vault_keys", "vault") for _n in range(2)] == ["vault-2", "vault-3"]

    assert list(ring_of(Ring.VAULT).keys) == ["vault-3", "vault-2", "vault-1"]
    assert unseal(old, PLACE, Ring.VAULT) == b"old"
    assert b"vault-3" in seal(b"new", PLACE, Ring.VAULT)
    assert stat.S_IMODE((folder / "vault_keys").stat().st_mode) == 0o444


def test_a_rotation_of_the_box_gives_the_door_its_new_public_key(folder, settings):
    old = box.seal(b"old", PLACE)
    rotate(folder / "submission_keys", "submission")

    settings.SUBMISSION_PUBLIC_KEY = (folder / "submission_public_key").read_text()
    new = box.seal(b"new", PLACE)

    assert b"submission-2" in new
    assert (box.unseal(old, PLACE), box.unseal(new, PLACE)) == (b"old", b"new")


def test_any_three_shares_bring_all_rings_back_and_no_two_do(folder, tmp_path):
    sealed = seal(b"her name", PLACE, Ring.VAULT)
    boxed = box.seal(b"her words", PLACE)
    before = {path.name: path.read_text() for path in folder.iterdir()}
    shares = words(split(folder, tmp_path / "shares"))
    assert [len(share.split()) for share in shares] == [33] * 5

    for two in itertools.combinations(shares, 2):
        lose(folder)
        with pytest.raises(SharesRefused):
            restore(folder, two)
        with pytest.raises(RingMissing):
            unseal(sealed, PLACE, Ring.VAULT)
        restore(folder, shares[:3])
    for three in itertools.permutations(shares, 3):
        lose(folder)
        restore(folder, three)
        assert {name: (folder / name).read_text() for name in before} == before
    assert unseal(sealed, PLACE, Ring.VAULT) == b"her name"
    assert box.unseal(boxed, PLACE) == b"her words"


def test_shares_on_paper_outlive_a_rotation(folder, tmp_path):
    shares = words(split(folder, tmp_path / "shares"))
    for ring in RINGS:
        rotate(folder / f"{ring}_keys", ring)
    sealed = seal(b"later", PLACE, Ring.VAULT)
    lose(folder)

    restore(folder, shares[2:])

    assert unseal(sealed, PLACE, Ring.VAULT) == b"later"


def test_the_same_share_thrice_is_one(folder, tmp_path):
    shares = words(split(folder, tmp_path / "shares"))
    lose(folder)

    with pytest.raises(SharesRefused):
        restore(folder, [shares[0], shares[0], f"  {shares[0]}", shares[1]])


def test_shares_of_two_splits_do_not_mix(folder, tmp_path):
    first = words(split(folder, tmp_path / "first"))
    second = words(split(folder, tmp_path / "second"))
    lose(folder)

    for mixed in ([*first[:2], second[2]], first[:3]):
        with pytest.raises(Exception, match=r"needed|altered"):
            restore(folder, mixed)
    restore(folder, second[1:4])
    assert ring_of(Ring.VAULT).current == "vault-1"


def test_a_wrong_word_is_refused_without_repeating_it(folder, tmp_path):
    shares = words(split(folder, tmp_path / "shares"))
    lose(folder)

    with pytest.raises(SharesRefused) as refused:
        restore(folder, [shares[0].replace(shares[0].split()[9], "reprisal"), *shares[1:3]])

    assert "reprisal" not in str(refused.value)


def test_a_ring_that_is_still_there_is_not_written_over(folder, tmp_path):
    shares = words(split(folder, tmp_path / "shares"))
    rotated = (folder / "vault_keys").read_text()

    with pytest.raises(FileThere):
        restore(folder, shares[:3])

    assert (folder / "vault_keys").read_text() == rotated


def test_sealed_copies_and_shares_hold_no_key(folder, tmp_path):
    keys = [(folder / f"{ring}_keys").read_text().strip().partition(":")[2] for ring in RINGS]
    shares = split(folder, tmp_path / "shares")

    for path in [*shares, *folder.glob("*.recovery"), folder / "recovery_public_key"]:
        assert not [key for key in keys if key[:20] in path.read_text()]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_without_rings_has_nothing_to_divide_or_bring_back(tmp_path, folder):
    shares = words(split(folder, tmp_path / "shares"))

    with pytest.raises(FileNotFoundError):
        split(tmp_path / "empty", tmp_path / "others")
    with pytest.raises(FileNotFoundError):
        restore(tmp_path / "empty", shares)
