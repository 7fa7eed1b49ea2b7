import GnuTLSPeer
import Testing
import ThrowawayPKI

/// Mints one self-signed entry and reads its certificate back.
func read(_ recipe: CertificateRecipe, now: Int64 = noon) throws -> GnuTLSCertificateReader {
    try read(recipe.name, of: mint([recipe], now: now))
}

/// Reads the certificate of an entry.
func read(_ name: String, of pki: PKI) throws -> GnuTLSCertificateReader {
    try GnuTLSCertificateReader(#require(pki[name]).certificateDER)
}

/// Reads a revocation list.
func read(list name: String, of pki: PKI) throws -> GnuTLSCRLReader {
    try GnuTLSCRLReader(#require(pki.crl(name)))
}
