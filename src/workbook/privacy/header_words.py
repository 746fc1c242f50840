"""What the words of headers mean in other languages and spellings, so that a field is known by its name."""

from __future__ import annotations

import unicodedata

# Folded word -> what it means, in words that stand for people, places, firms and amounts.
_MEANINGS = {
    # German
    "vorname": "first_name", "nachname": "last_name", "familienname": "family_name", "geburtsname": "maiden_name",
    "anrede": "salutation", "geburtsdatum": "birth_date", "geburtstag": "birthday", "strasse": "street",
    "hausnummer": "house_number", "anschrift": "address", "postleitzahl": "zip", "ort": "city", "stadt": "city", "land": "country",
    "telefon": "phone", "telefonnummer": "phone", "handy": "mobile", "firma": "company", "unternehmen": "company",
    "kunde": "customer", "kundennummer": "customer_number", "kundennr": "customer_number", "bestellnummer": "order_number",
    "rechnungsnummer": "invoice_number", "betrag": "amount", "umsatz": "revenue", "preis": "price", "wahrung": "currency",
    "waehrung": "currency", "bemerkung": "note", "notiz": "note", "notizen": "notes",
    # French
    "prenom": "first_name", "prenoms": "first_name", "nom": "name", "naissance": "birth", "adresse": "address", "rue": "street",
    "ville": "city", "pays": "country", "telephone": "phone", "societe": "company", "entreprise": "company",
    "montant": "amount", "prix": "price", "devise": "currency", "courriel": "email",
    # Spanish, Portuguese, Italian
    "nombre": "name", "nome": "name", "apellido": "last_name", "apellidos": "last_name", "sobrenome": "last_name",
    "cognome": "last_name", "nacimiento": "birth", "nascimento": "birth", "nascita": "birth", "direccion": "address",
    "endereco": "address", "indirizzo": "address", "ciudad": "city", "cidade": "city", "pais": "country", "paese": "country",
    "telefono": "phone", "telefone": "phone", "cellulare": "mobile", "empresa": "company", "azienda": "company",
    "importe": "amount", "importo": "amount", "precio": "price", "prezzo": "price", "moneda": "currency", "valuta": "currency",
    # Dutch, Polish, Swedish, Danish, Norwegian
    "voornaam": "first_name", "achternaam": "last_name", "naam": "name", "geboortedatum": "birth_date", "straat": "street",
    "plaats": "city", "telefoon": "phone", "bedrijf": "company", "imie": "first_name", "nazwisko": "last_name",
    "fornamn": "first_name", "efternamn": "last_name", "namn": "name", "fornavn": "first_name", "efternavn": "last_name",
    "etternavn": "last_name", "navn": "name",
}  # fmt: skip
_LETTERS = str.maketrans({"ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "đ": "d", "ı": "i"})


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
