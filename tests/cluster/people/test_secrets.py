"""What is sealed opens where it belongs and nowhere else."""

import stat
from pathlib import Path

import pytest

from cluster.base.secrets import SealBroken, Vault, vault_of
from cluster.base.settings import Settings

FIRST, SECOND = "the first secret of this installation", "the second secret of this installation"


def test_what_is_sealed_opens_for_its_place_alone() -> None:
    vault = Vault((FIRST,))
    sealed = vault.seal(b"swordfish", "user_totp 1")
    assert b"swordfish" not in sealed
    assert vault.open(sealed, "user_totp 1") == b"swordfish"
    assert vault.seal(b"swordfish", "user_totp 1") != sealed
    with pytest.raises(SealBroken):
        vault.open(sealed, "user_totp 2")


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    vault = Vault((FIRST,))
    sealed = bytearray(vault.seal(b"swordfish", "x"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        vault.open(bytes(sealed), "x")
    with pytest.raises(SealBroken):
        vault.open(b"", "x")


def test_after_a_change_of_key_what_was_sealed_before_still_opens() -> None:
    sealed = Vault((FIRST,)).seal(b"swordfish", "x")
    both = Vault((SECOND, FIRST))
    assert both.open(sealed, "x") == b"swordfish"
    with pytest.raises(SealBroken):
        Vault((SECOND,)).open(sealed, "x")
    with pytest.raises(SealBroken):
        Vault((FIRST,)).open(both.seal(b"swordfish", "x"), "x")


def test_a_signature_is_good_for_its_text_and_purpose_alone() -> None:
    vault = Vault((FIRST,))
    signature = vault.sign("session", "csrf")
    assert vault.signed("session", "csrf", signature)
    assert not vault.signed("session2", "csrf", signature)
    assert not vault.signed("session", "device", signature)
    assert not vault.signed("session", "csrf", signature + "é")
    assert not Vault((SECOND,)).signed("session", "csrf", signature)


def test_without_a_setting_the_secret_is_made_once_and_readable_by_its_user_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    sealed = vault_of(settings).seal(b"swordfish", "x")
    assert vault_of(settings).open(sealed, "x") == b"swordfish"
    [file] = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_vault_and_settings_do_not_show_their_secrets() -> None:
    settings = Settings(data_dir=Path("/x"), secret_key=FIRST, oidc_client_secret=SECOND)
    assert FIRST not in repr(settings)
    assert SECOND not in repr(settings)
    assert FIRST not in repr(vault_of(settings))
