"""What the words of headers mean in other languages, so that a field is known by its name."""

from __future__ import annotations

import unicodedata

# What is meant, and the folded words for it in German, French, Spanish, Portuguese, Italian, Dutch,
# Polish, Swedish, Danish and Norwegian.
_WORDS = {
    "first_name": "vorname prenom prenoms voornaam imie fornamn fornavn",
    "last_name": (
        """nachname apellido apellidos sobrenome cognome achternaam nazwisko efternamn
        efternavn etternavn"""
    ),
    "family_name": "familienname",
    "maiden_name": "geburtsname",
    "name": "nom nombre nome naam namn navn",
    "salutation": "anrede",
    "birth": "naissance nacimiento nascimento nascita",
    "birth_date": "geburtsdatum geboortedatum",
    "birthday": "geburtstag",
    "address": "anschrift adresse direccion endereco indirizzo",
    "street": "strasse rue straat",
    "house_number": "hausnummer",
    "zip": "postleitzahl",
    "city": "ort stadt ville ciudad cidade plaats",
    "country": "land pays pais paese",
    "phone": "telefon telefonnummer telephone telefono telefone telefoon",
    "mobile": "handy cellulare",
    "email": "courriel",
    "company": "firma unternehmen societe entreprise empresa azienda bedrijf",
    "customer": "kunde",
    "vat_id": (
        """ustid ustidnr ustidnummer umsatzsteuerid umsatzsteueridnr umsatzsteuernummer btwnummer
        btwnr numtva partitaiva piva momsnr"""
    ),
    "customer_number": "kundennummer kundennr",
    "order_number": "bestellnummer",
    "invoice_number": "rechnungsnummer",
    "amount": "betrag montant importe importo",
    "revenue": "umsatz",
    "price": "preis prix precio prezzo",
    "currency": "wahrung waehrung devise moneda valuta",
    "note": "bemerkung notiz",
    "notes": "notizen",
}
_MEANINGS = {word: meant for meant, words in _WORDS.items() for word in words.split()}
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "đ": "d",
        "ı": "i",
    }
)


def folded(text: str) -> str:
    """A text without accents, so that its words are made of the letters a to z.

    >>> folded("Prénom"), folded("Straße"), folded("Währung")
    ('Prenom', 'Strasse', 'Wahrung')
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def meaning_of(word: str) -> str:
    """The English words of a header's folded word; itself where it has none of another language.

    >>> meaning_of("vorname"), meaning_of("address2"), meaning_of("amount")
    ('first_name', 'address', 'amount')
    """
    plain = word.rstrip("0123456789")
    numbered = len(plain) > 3 and plain != "line"  # the second of several: address2, phone1
    return _MEANINGS.get(plain if numbered else word, plain if numbered else word)
