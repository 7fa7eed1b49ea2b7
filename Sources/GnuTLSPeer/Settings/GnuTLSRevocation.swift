/// Which certificates of a chain are looked up in the CRLs.
///
/// GnuTLS looks up each certificate of the chain whose issuer has a CRL loaded, and has no switch for the leaf alone;
/// so ``leaf`` acts as ``chain``. A certificate whose issuer has no CRL passes. GnuTLS checks neither the signature
/// nor the dates of a CRL that a credentials object holds, and keeps one CRL (the newest) for each issuer name.
package enum GnuTLSRevocation: Sendable, CaseIterable {
    /// The CRLs are not loaded.
    case off
    /// Acts as ``chain``.
    case leaf
    /// Each certificate of the chain is looked up.
    case chain
}
