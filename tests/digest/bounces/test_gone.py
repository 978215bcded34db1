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
    # Of servers that are in no collection beside this clone.
    "Addressee unknown, relay=[192.0.2.1]",
    "Invalid Recipient - see our pages",
    "Mailbox Not found",
    "unknown or illegal alias",
    "User not found: reader",
    "Adresse d au moins un destinataire invalide",
    "Boîte aux lettres inexistante",
    "This email address is no longer in use",
    "The email address has been discontinued",
    "Der Empfänger konnte nicht gefunden werden",
    "Kein solcher Benutzer",
    "No se encontró la dirección",
    "Caixa postal inexistente",
    "Indirizzo email non trovato",
    "Het adres is niet gevonden",
    "Brugeren findes ikke",
    "Tuntematon vastaanottaja",
    "Nie znaleziono adresu",
    "Neznámý uživatel",
    "Адрес не найден",
    "Άγνωστος παραλήπτης",
    "メールアドレスが見つかりませんでした",
    "查无此用户",
    "주소를 찾을 수 없습니다",
]
SAID_SURELY = [
    "User reader not listed in Domino Directory",
    "550 5.1.10 RESOLVER.ADR.RecipNotFound; not found",
    "unrouteable address",
    "Host or domain name not found",
    "Sorry, I couldn't find any host named nowhere.example",
    "Bad destination host 'DNS Hard Error looking up nowhere.example'",
    "The e-mail account does not exist at the organization this message was sent to",
    "unable to route: no mail hosts for domain",
]
OF_OTHER_THINGS = [
    "The mailbox is full",
    "Try again later",
    "Message refused by our policy",
    "Thank you for your mail, I am on holiday until Monday",
    "送信者のドメインを確認してください",
    "Unknown error for user",
    "Message not accepted for the recipient",
    "Ihre Nachricht wurde abgelehnt",
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
