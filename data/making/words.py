"""The words that invented people and companies are made of. Nobody here is real; every domain ends in `.example`."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


FIRST = {
    "en": _words(
        """
        James Robert Michael William Thomas Christopher Daniel Matthew Andrew Edward Samuel Benjamin Nicholas
        Jonathan Patrick Margaret Elizabeth Katherine Jennifer Susan Rebecca Victoria Deborah Alexandra Abigail
        Olivia Emily Charlotte Grace Hannah Priya Aisha Wei Mei Kofi Amara
        """
    ),
    "de": _words(
        """
        Jürgen Björn Günther Sören Matthias Andreas Friedrich Johannes Maximilian Sebastian Florian Tobias
        Katharina Elisabeth Käthe Jördis Annegret Friederike Susanne Sabine Franziska Johanna Ursula Heike
        Mehmet Ayşe Ömer Leyla
        """
    ),
    "fr": _words(
        """
        François Jérôme Frédéric Benoît Théo Rémi Gaël Étienne Alexandre Guillaume Hélène Chloé Zoé Amélie
        Élodie Geneviève Joséphine Noémie Béatrice Mélanie Fatoumata Youssef Inès Loïc
        """
    ),
    "es": _words(
        """
        José Jesús Andrés Iñigo Sebastián Joaquín Francisco Ignacio Begoña Concepción María Lucía Inés Dolores
        Mercedes Rocío Ángela Núria
        """
    ),
    "pl": _words(
        """
        Łukasz Paweł Grzegorz Stanisław Wojciech Agnieszka Małgorzata Katarzyna Bożena Żaneta Tomáš Jiří Lukáš
        Zdeňka
        """
    ),
}
LAST = {
    "en": _words(
        """
        Smith Jones Taylor Brown Wilson Evans Thomas Walker Wright Robinson Thompson Hughes Edwards Green Hall
        Wood Harris Lewis Martin Clarke Turner Hill Cooper Morris Ward Moore Baker King Harrison Morgan Allen
        Parker Cook Bell Murphy Kelly O'Brien O'Connor MacLeod Fitzgerald Patel Khan Singh Chen Wang Nguyen
        Okafor Mensah Abbott Ashworth Barlow Braithwaite Carmichael Crawford Dunstan Ellery Fairweather Goodwin
        Hargreaves Holloway Ingram Kirkwood Lockhart Maddox Nightingale Osgood Pemberton Quigley Radcliffe
        Sheffield Thornton Underwood Whitaker Yardley
        """
    ),
    "de": _words(
        """
        Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter
        Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Krause Lehmann Köhler
        Herrmann König Walter Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Vogel Keller Günther
        Böhm Voß Jäger Groß Yılmaz Özdemir Lindqvist Sørensen Åkesson
        """
    ),
    "fr": _words(
        """
        Bernard Dubois Durand Lefèvre Moreau Laurent Simon Michel Garnier Rousseau Fournier Girard Bonnet Dupont
        Lambert Fontaine Chevalier Muller Lefebvre Gauthier Perrin Morin Mathieu Clément Gérard Béranger Léger
        Rémy D'Amico L'Hôpital Benoît Diallo Traoré Haddad
        """
    ),
    "es": _words(
        """
        García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Jiménez Ruiz Hernández Díaz Muñoz
        Álvarez Núñez Ibáñez Castaño Peña Ordóñez Echeverría Etxeberria
        """
    ),
    "pl": _words(
        """
        Kowalczyk Wiśniewski Wójcik Zieliński Szymański Woźniak Dąbrowski Kozłowski Jabłoński Wróbel Dvořák
        Černý Procházka Šimek
        """
    ),
}
NICK = {
    "James": "Jim", "Robert": "Bob", "Michael": "Mike", "William": "Bill", "Thomas": "Tom", "Christopher": "Chris",
    "Daniel": "Dan", "Matthew": "Matt", "Andrew": "Andy", "Edward": "Ted", "Samuel": "Sam", "Benjamin": "Ben",
    "Nicholas": "Nick", "Jonathan": "Jon", "Patrick": "Paddy", "Margaret": "Peggy", "Elizabeth": "Liz",
    "Katherine": "Kate", "Jennifer": "Jen", "Susan": "Sue", "Rebecca": "Becky", "Victoria": "Vicky", "Deborah": "Debbie",
    "Alexandra": "Sandra", "Abigail": "Abby", "Jürgen": "Jogi", "Matthias": "Matze", "Andreas": "Andi",
    "Friedrich": "Fritz", "Johannes": "Hannes", "Maximilian": "Max", "Sebastian": "Basti", "Florian": "Flo",
    "Tobias": "Tobi", "Katharina": "Kathi", "Elisabeth": "Lisa", "Susanne": "Susi", "Franziska": "Franzi",
    "Johanna": "Hanna", "Ursula": "Uschi", "Frédéric": "Fred", "Alexandre": "Alex", "Guillaume": "Guigui",
    "Geneviève": "Ginette", "Joséphine": "Josie", "Mélanie": "Mel", "José": "Pepe", "Francisco": "Paco",
    "Ignacio": "Nacho", "Concepción": "Conchita", "Dolores": "Lola", "Mercedes": "Merche", "Grzegorz": "Grzesiek",
    "Stanisław": "Staszek", "Katarzyna": "Kasia", "Małgorzata": "Gosia", "Agnieszka": "Aga", "Wojciech": "Wojtek",
}  # fmt: skip

ROOTS = _words(
    """
    Apex Brandt Calder Delphin Eckert Falkner Grenzland Halden Ibis Juno Kestrel Lumen Mistral Norden Orbis
    Pallas Quarz Rheingold Sable Tarn Ulmen Vesper Wexford Xenia Yarrow Zephyr Almgren Bellerose Castellan
    Duvivier Esterel Forrester Gallant Hollander Iversen Jansen Kastanje Lagune Mondial Nautilus Oakham
    Pinewood Quillon Rocher Solstice Trident Umbra Valmont Westmark Yonder Zenker Amberg Bluestone Corvus
    Draeger Elster Fjordline Glacier Hauser Imperia Jericho Klarwasser Lodestar Meridian Northgate Oleander
    Pegasus Quintessa Ravenhill Silvester Talisman Uhland Verdant Windrose Alcázar Böttcher Château Übersee
    Öresund
    """
)
TRADES = {
    "logistics": ["Logistik", "Freight", "Transport", "Shipping"],
    "software": ["Software", "Systems", "Digital", "Data"],
    "manufacturing": ["Werke", "Industries", "Maschinenbau", "Fabrication"],
    "retail": ["Handel", "Stores", "Retail", "Boutiques"],
    "health": ["Klinik", "Health", "Pharma", "Santé"],
    "finance": ["Capital", "Insurance", "Treuhand", "Finance"],
    "energy": ["Energie", "Power", "Solar", "Énergie"],
    "media": ["Verlag", "Media", "Studios", "Presse"],
    "education": ["Akademie", "Learning", "College", "Formation"],
    "construction": ["Bau", "Construction", "Habitat", "Immobilien"],
}
REGIONS = ["Iberia", "Nordics", "France", "Britain", "America", "Süd", "West", "Benelux", "Services", "Trading"]
LEGAL = {
    "DE": ["GmbH", "AG", "GmbH & Co. KG"], "AT": ["GmbH"], "FR": ["SAS", "SARL"], "BE": ["BV"], "NL": ["B.V."],
    "ES": ["S.L.", "S.A."], "GB": ["Ltd", "plc"], "IE": ["Ltd"], "US": ["Inc.", "LLC", "Corp."], "PL": ["Sp. z o.o."],
}  # fmt: skip
COUNTRIES = [
    ("DE", 26),
    ("US", 27),
    ("GB", 14),
    ("FR", 12),
    ("NL", 6),
    ("ES", 5),
    ("AT", 3),
    ("BE", 3),
    ("IE", 2),
    ("PL", 2),
]
LANGUAGE = {"DE": "de", "AT": "de", "FR": "fr", "BE": "fr", "ES": "es", "PL": "pl", "NL": "de"}
DOLLARS = ("US",)
VAT_DIGITS = {"DE": 9, "FR": 11, "GB": 9, "NL": 9, "ES": 9, "AT": 8, "BE": 10, "IE": 7, "PL": 10}

# Ranges that regulators keep free for fiction; people of other countries carry a neighbour's number.
PHONES = {
    "DE": ("+49", ["30 23125", "69 90009", "40 66969", "221 4710", "89 99998"], 3),
    "FR": ("+33", ["1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49"], 4),
    "GB": ("+44", ["20 7946 0", "113 496 0", "121 496 0", "131 496 0", "141 496 0", "161 496 0"], 3),
    "US": (
        "+1",
        [f"{area} 555 01" for area in (202, 212, 213, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 720, 804, 916)],
        2,
    ),
}
PHONE_OF = {"AT": "DE", "NL": "DE", "PL": "DE", "BE": "FR", "ES": "FR", "IE": "GB"}

FREE_MAIL = ["freemail.example", "postbox.example", "webpost.example"]
ROLES = ["info", "billing", "office", "accounts", "it", "purchasing"]
TITLES = [
    "Head of Operations",
    "Controller",
    "IT Manager",
    "Analyst",
    "Buyer",
    "CFO",
    "Project Manager",
    "Team Lead",
    "Data Engineer",
    "Office Manager",
    "Geschäftsführer",
    "Chargée de projet",
]
OWNERS = [
    "Nora Feldt",
    "Ben Achterberg",
    "Claire Vasseur",
    "Tom Ridley",
    "Ines Molina",
    "Jonas Wirth",
    "Amy Caldwell",
    "Greg Santoro",
    "Lena Brosch",
    "Paul Everard",
]
PARTNERS = ["PRT-01", "PRT-02", "PRT-03", "PRT-07", "PRT-11", "PRT-12", "PRT-20", "PRT-21", "PRT-33"]
CAMPAIGNS = [
    ("webinar_spring", 20),
    ("search_ads", 25),
    ("newsletter", 20),
    ("trade_fair", 12),
    ("partner_mailing", 8),
    ("referral", 15),
]
SUBJECTS = [
    "Cannot log in",
    "Report shows wrong total",
    "Invoice question",
    "How do I add a seat?",
    "Export is slow",
    "Single sign-on fails",
    "Feature request: dark mode",
    "Dashboard is empty",
    "Change of billing address",
    "API returns 500",
    "Übersetzung fehlt",
    "Problème d’accès au rapport",
    "Need our data processing agreement",
]
