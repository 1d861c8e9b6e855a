"""A small certificate authority of one stack: for the broker, and for each of those who connect to it.

A demonstration's only: an installation has its own authority, and each authority's system makes its own key. The names
are the same there: O=Samvirke and, as common name, who it is to the broker (see docs/architecture/kafka-security.md).
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.local.fetch import alone

ORGANISATION = "Samvirke"
AUTHORITY = "ca"
BROKER = "broker"
BROKERS = {BROKER: "kafka.localhost", "broker-2": "kafka-2.localhost", "broker-3": "kafka-3.localhost"}
"""Who is a broker, with the host where containers find it; a stack on loopback has the first."""
AUTHORITY_FOR = timedelta(days=3650)
CERTIFICATE_FOR = timedelta(days=397)
RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path

    @property
    def both(self) -> Path:
        """Return the file with key and certificate after one another, as Java wants them."""
        return self.key.with_suffix(".pem")

    def read(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """Return what stands in the files."""
        key = serialization.load_pem_private_key(self.key.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self.key} holds no key on an elliptic curve")
        return x509.load_pem_x509_certificate(self.certificate.read_bytes()), key


def pair(folder: Path, name: str) -> Pair:
    """Return where the certificate of a name lies."""
    return Pair(folder / f"{name}.crt", folder / f"{name}.key")


def issue(folder: Path, names: Iterable[str]) -> None:
    """Make the authority and the certificates that are missing or soon over."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder / "lock"):
        authority = pair(folder, AUTHORITY)
        if not _serves(authority):
            _write(authority, AUTHORITY, None)
        for name in names:
            if not _serves(pair(folder, name), authority):
                _write(pair(folder, name), name, authority)


def _serves(found: Pair, authority: Pair | None = None) -> bool:
    """Tell whether a certificate is there, lasts, and is vouched for by the authority of now."""
    if not found.both.exists():
        return False
    certificate = found.read()[0]
    issuer = authority.read()[0] if authority else certificate
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, InvalidSignature):
        return False
    return certificate.not_valid_after_utc - datetime.now(UTC) > RENEWED_BEFORE


def _write(into: Pair, name: str, authority: Pair | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(name, key, authority)
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    public = certificate.public_bytes(encoding)
    for file, content in ((into.key, secret), (into.certificate, public), (into.both, secret + public)):
        _replace(file, content)


def _certificate(name: str, key: ec.EllipticCurvePrivateKey, authority: Pair | None) -> x509.Certificate:
    """Return a certificate for a name, signed by the authority, or by itself where it is the authority."""
    subject, now = _distinguished(name), datetime.now(UTC)
    issuer, signer = authority.read() if authority else (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + (CERTIFICATE_FOR if issuer else AUTHORITY_FOR))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None if issuer else 0), critical=True)
        .add_extension(_usage(signs=issuer is None), critical=True)
    )
    for extension in _purpose(name) if issuer else ():
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Return what a key may do: the authority's signs certificates, all others sign handshakes."""
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _purpose(name: str) -> list[x509.ExtensionType]:
    """Return whom a name may be: a client's certificate never passes for the broker's."""
    if name not in BROKERS:
        return [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])]
    hosts = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost"), x509.DNSName(BROKERS[name])]
    both = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
    return [x509.ExtendedKeyUsage(both), x509.SubjectAlternativeName(hosts)]


def _distinguished(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _replace(file: Path, content: bytes) -> None:
    """Put a file in place whole, for its owner alone."""
    fresh = file.with_suffix(f"{file.suffix}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
    fresh.rename(file)
