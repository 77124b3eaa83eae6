"""A self-signed certificate for localhost, as a gateway makes one for itself."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

YEARS = 10


@dataclass(frozen=True, slots=True)
class Certificate:
    """Both parts in PEM."""

    public: bytes
    private: bytes = field(repr=False)


def self_signed(name: str = "localhost", *, expired: bool = False) -> Certificate:
    """A new certificate, good for ten years; localhost's also vouches for the loopback addresses.

    Raises ValueError where cryptography is not installed.
    """
    # Here: without TLS a gateway is served where only the async client is installed.
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID
    except ModuleNotFoundError:
        raise ValueError(
            "TLS needs cryptography, which is not installed. Install it: python -m pip install cryptography."
        ) from None
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names += [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    # A day ago: a client whose clock is some minutes behind would find it not valid yet.
    begin = datetime.now(UTC) - timedelta(days=365 * YEARS if expired else 1)
    end = datetime.now(UTC) + (timedelta(days=-1) if expired else timedelta(days=365 * YEARS))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(made.public_bytes(serialization.Encoding.PEM), private)
