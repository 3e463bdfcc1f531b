"""Who answers where our server should: looks with a question that anybody may ask, and shows nothing of this laptop."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx2
from cryptography import x509

NEUTRAL_PATH = "/sehat"
"""Asks for the server's name; no other word of ours travels with it."""
SECONDS = 5.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WANTS_LOGIN = 511
"""Network Authentication Required: only a network says so, never a server."""
RIGHT_CLOCK = timedelta(minutes=10)
"""As far off a clock is still a right one."""
LONGEST_WAIT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows whose certificate was refused: the day it tells, and when its certificate holds."""

    date: datetime | None
    begins: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        """True when the certificate is in force then."""
        return self.begins <= moment <= self.ends


def wants_login(host: str, port: int) -> bool:
    """True when a plain question to the server's name is answered with the login page of the network.

    Our own server leads from its plain door to its secure one, or says nothing; that is no login page.
    """
    place = f"[{host}]" if ":" in host else host
    url = f"http://{place}:{port}{NEUTRAL_PATH}"
    try:
        with _asking() as client, client.stream("GET", url) as response:
            return _is_login_page(response, host)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return False


def shown_by(base_url: str) -> Shown | None:
    """What whoever answers shows, whose certificate was refused; None when it shows nothing of use."""
    try:
        with _asking() as client, client.stream("GET", f"{base_url}{NEUTRAL_PATH}") as response:
            date = told_moment(response.headers.get("date", ""))
            raw = response.extensions["network_stream"].get_extra_info("ssl_object").getpeercert(True)
        certificate = x509.load_der_x509_certificate(raw)
    except (httpx2.HTTPError, ssl.SSLError, ValueError):
        return None
    return Shown(date, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def is_certificate_at_fault(shown: Shown, now: datetime) -> bool:
    """True when the certificate is out of force on the day that is told too, or our clock agrees with that day."""
    if shown.date is None:
        return False
    return not shown.holds(shown.date) or abs(now - shown.date) <= RIGHT_CLOCK


def is_page(response: httpx2.Response) -> bool:
    """True for a page that people read; the error pages of a proxy are none that asks for anything."""
    return response.is_success and response.headers.get("content-type", "").startswith("text/html")


def asked_to_wait(response: httpx2.Response) -> int:
    """Seconds of Retry-After, which is a number or a day; 0 without one."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,20}", said):
        return min(int(said), LONGEST_WAIT_SECONDS)
    until = told_moment(said)
    if until is None:
        return 0
    since = told_moment(response.headers.get("date", "")) or datetime.now(UTC)
    return max(0, min(int((until - since).total_seconds()), LONGEST_WAIT_SECONDS))


def told_moment(text: str) -> datetime | None:
    """The moment in a Date header; None when there is none that can be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _is_login_page(response: httpx2.Response, host: str) -> bool:
    if response.status_code == WANTS_LOGIN or is_page(response):
        return True
    if response.status_code not in REDIRECTS:
        return False
    to = urlsplit(urljoin(str(response.url), response.headers.get("location", "")))
    return (to.scheme, to.hostname) != ("https", host.lower())


def _asking() -> httpx2.Client:
    """A client that trusts nobody and refuses nobody: only for the question that tells nothing."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = httpx2.Client(verify=context, timeout=SECONDS, follow_redirects=False)
    client.headers.clear()
    return client
