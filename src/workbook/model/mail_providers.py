"""Domains of mail providers: whoever has an address there has nothing else in common with the others."""

from __future__ import annotations

MAIL_PROVIDERS = (
    # worldwide
    "aol.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hey.com", "hotmail.com", "hushmail.com",
    "icloud.com", "inbox.com", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me",
    "protonmail.com", "rocketmail.com", "tuta.com", "tutanota.com", "yahoo.com", "yandex.com", "ymail.com", "zoho.com", "zohomail.com",
    # North and South America
    "att.net", "bellsouth.net", "bol.com.br", "charter.net", "comcast.net", "cox.net", "earthlink.net", "optonline.net",
    "rogers.com", "sbcglobal.net", "shaw.ca", "sympatico.ca", "terra.com.br", "uol.com.br", "verizon.net",
    # Europe
    "aon.at", "arcor.de", "bigpond.com", "blueyonder.co.uk", "bluewin.ch", "btinternet.com", "centrum.cz", "freenet.de", "free.fr",
    "gmx.at", "gmx.ch", "gmx.de", "hotmail.co.uk", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "interia.pl",
    "laposte.net", "libero.it", "live.co.uk", "live.fr", "live.nl", "mail.ru", "mailbox.org", "ntlworld.com", "o2.pl", "onet.pl",
    "orange.fr", "outlook.de", "outlook.es", "outlook.fr", "outlook.it", "posteo.de", "seznam.cz", "sfr.fr", "sky.com",
    "t-online.de", "talktalk.net", "telenet.be", "tiscali.it", "virgilio.it", "virginmedia.com", "wanadoo.fr", "web.de",
    "wp.pl", "yahoo.co.uk", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.ru", "ziggo.nl",
    # Asia and the Pacific
    "126.com", "163.com", "daum.net", "foxmail.com", "hanmail.net", "naver.com", "optusnet.com.au", "qq.com", "rediffmail.com",
    "sina.com", "sohu.com", "yahoo.co.in", "yahoo.co.jp", "yahoo.com.au", "yahoo.com.br", "yeah.net",
)  # fmt: skip
