"""What servers say of a recipient that is not there: one sentence a habit, each written as such a server would."""

import pytest

from digest.bounces.gone import GONE, GONE_SURELY
from digest.bounces.wording import has, plain

SAID = [
    "User unknown in local table",
    "no such user here",
    "The email account that you tried to reach does not exist",
    "The recipient's mailbox was not found by this server",
    "Unable to find the recipient at this site",
    "This address is invalid",
    "The mailbox is no longer active",
    "That account has been closed",
    "Reader is not a valid mailbox",
    "Sorry, no mailbox here by that name",
    "This system does not have an example.net account with that name",
    "Reader not in the directory",
    "Reader unknown in virtual mailbox table",
    "Benutzer unbekannt",
    "Das Postfach existiert nicht",
    "Utilisateur inconnu",
    "No existe el usuario",
    "O destinatário não existe",
    "Utente sconosciuto",
    "Onbekende gebruiker",
    "Mottagaren finns inte",
    "Nieznany adres",
    "Пользователь не найден",
    "宛先のアドレスが存在しません",
    "收件人不存在",
    "존재하지 않는 주소 없는 사용자",
]
SAID_SURELY = [
    "User reader not listed in Domino Directory",
    "550 5.1.10 RESOLVER.ADR.RecipNotFound; not found",
    "unrouteable address",
    "Host or domain name not found",
]
OF_OTHER_THINGS = [
    "The mailbox is full",
    "Try again later",
    "Message refused by our policy",
    "Thank you for your mail, I am on holiday until Monday",
    "送信者のドメインを確認してください",
]


@pytest.mark.parametrize("said", SAID)
def test_a_habit_is_known(said: str) -> None:
    assert has(GONE, plain(said))


@pytest.mark.parametrize("said", SAID_SURELY)
def test_words_that_one_program_has_count_anywhere(said: str) -> None:
    assert has(GONE_SURELY, plain(said))


@pytest.mark.parametrize("said", OF_OTHER_THINGS)
def test_words_about_other_things_are_none_of_them(said: str) -> None:
    assert not has(GONE, plain(said))
    assert not has(GONE_SURELY, plain(said))
