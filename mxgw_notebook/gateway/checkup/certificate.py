"""The certificate that a gateway shows, whether or not it is trusted: for whom it is, and until when."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509

from mxgw_notebook.client import ClientOptions
from mxgw_notebook.gateway.checkup.finding import Finding, Health

CHECK = "certificate"
SOON = timedelta(days=30)
RENEW = "The gateway needs a new certificate. Clients that trust it by a file need the new file."


def certificate(options: ClientOptions, seconds: float) -> Finding:
    """Shows a plaintext gateway's verdict at once, else looks at the certificate. Blocks for its time."""
    if options.plaintext:
        if options.is_loopback:
            return Finding(CHECK, Health.GOOD, "plaintext, only on this computer")
        told = "plaintext: the key and every value are sent unencrypted"
        return Finding(
            CHECK, Health.LOOK, told, "Ask for TLS at the gateway; with its own certificate: ca_file."
        )
    try:
        shown = shown_by(options, seconds)
    except OSError as error:  # ssl's errors are such, too
        words = getattr(error, "reason", None) or error.strerror or str(error) or type(error).__name__
        remedy = "The port may use plaintext, or there is no server: check host and port."
        return Finding(CHECK, Health.UNKNOWN, f"none was shown: {words}", remedy)
    return judged(shown, datetime.now(UTC))


def shown_by(options: ClientOptions, seconds: float) -> x509.Certificate:
    """The certificate, not judged: it is to be seen most of all where it is not trusted."""
    host, _, port = options.target.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    name = options.server_name_override or host.strip("[]")
    with (
        socket.create_connection((host.strip("[]"), int(port)), timeout=seconds) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        return x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")


def judged(shown: x509.Certificate, now: datetime) -> Finding:
    """What its dates say, by this machine's clock."""
    begin, end = shown.not_valid_before_utc, shown.not_valid_after_utc
    names = tuple(names_of(shown))
    told = f"for {', '.join(names) or 'nobody'}, valid {begin:%Y-%m-%d} to {end:%Y-%m-%d}"
    if end < now:
        return Finding(CHECK, Health.BAD, f"expired: {told}", RENEW, names)
    if begin > now:
        remedy = "Check both clocks: this computer's may be behind."
        return Finding(CHECK, Health.BAD, f"not valid yet: {told}", remedy, names)
    if end - now < SOON:
        return Finding(CHECK, Health.LOOK, f"expires in {(end - now).days} days: {told}", RENEW, names)
    return Finding(CHECK, Health.GOOD, told, names=names)


def names_of(shown: x509.Certificate) -> list[str]:
    """The hosts that it vouches for."""
    try:
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(one.value) for one in names]
