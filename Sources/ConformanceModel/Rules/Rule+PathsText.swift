extension Rule {
    /// The sentences of the rules on paths, purposes, keys and revocation, with their citations.
    static let pathsText: [Rule: Text] = [
        .pathUnknownAuthority: Text(
            "A certificate without a path to the pool is refused with unknown_ca.",
            "RFC 8446 section 6.2; RFC 5280 6.1"
        ),
        .pathEmptyPool: Text(
            "An empty pool accepts nobody.",
            "RFC 5280 section 6.1: no trust anchor, no path"
        ),
        .pathSelfSigned: Text(
            "A self-signed certificate outside the pool is refused with unknown_ca.",
            "RFC 8446 section 6.2; RFC 5280 section 6.1"
        ),
        .pathSignature: Text(
            "A certificate that its issuer's key has not signed is refused, whatever its names and identifiers say.",
            "RFC 5280 section 6.1.3 (a)(1); RFC 8446 section 6.2: no path, or a corrupt certificate"
        ),
        .pathImpostor: Text(
            "An authority is trusted by its key: another one of the same name is refused with unknown_ca.",
            "RFC 5280 section 6.1.1 (d), 6.1.3 (a)(1)"
        ),
        .pathSentRoot: Text(
            "A root that the peer sends along is no trust anchor.",
            "RFC 5280 section 6.1.1 (d); RFC 8446 section 4.4.2"
        ),
        .pathPinnedSelfSigned: Text(
            "A self-signed leaf in the pool is trusted.",
            "Go x509.Certificate.Verify"
        ),
        .pathPinnedLeaf: Text(
            "A leaf that a CA has issued is trusted if the pool holds it.",
            "Go x509.Certificate.Verify"
        ),
        .pathPinnedLeafWithIssuers: Text(
            "A leaf in the pool is trusted even when its issuers are sent along.",
            "Go x509.Certificate.Verify"
        ),
        .pathTrustedIntermediate: Text(
            "A path may end at any certificate of the pool, self-signed or not.",
            "Go x509.CertPool; RFC 5280 section 6.1.1 (d)"
        ),
        .pathLooksOn: Text(
            "A verifier tries other paths as long as one could be valid.",
            "RFC 4158 section 2.4; RFC 8446 section 4.4.2"
        ),
        .pathOrder: Text(
            "Issuers may be sent in any order.",
            "RFC 8446 section 4.4.2: prepared to handle arbitrary orderings"
        ),
        .pathValid: Text(
            "A chain of valid certificates up to the pool is accepted.",
            "RFC 5280 section 6.1"
        ),
        .pathExpired: Text(
            "An expired certificate is refused with certificate_expired.",
            "RFC 5280 section 6.1.3 (a)(2); RFC 8446 6.2"
        ),
        .pathNotYetValid: Text(
            "A certificate from the future is refused with certificate_expired.",
            "RFC 8446 6.2: not currently valid"
        ),
        .pathIssuerExpired: Text(
            "An expired intermediate makes its certificates invalid.",
            "Go x509.Certificate.isValid; RFC 5280 6.1.3"
        ),
        .pathAnchorExpired: Text(
            "A trusted certificate is no longer trusted once it has expired.",
            "Go x509.Certificate.isValid; RFC 5280 section 6.1.1 (d) leaves it open"
        ),
        .pathIssuerNotCA: Text(
            "A certificate that is not a CA can't issue certificates.",
            "RFC 5280 section 6.1.4 (k)"
        ),
        .pathIssuerKeyUsage: Text(
            "An intermediate whose key usage lacks keyCertSign vouches for none.",
            "RFC 5280 section 4.2.1.3, 6.1.4 (n)"
        ),
        .pathAnchorNotCA: Text(
            "A trusted certificate that is not a CA is trusted itself, but can't issue certificates.",
            "RFC 5280 section 6.1.4 (k); Go x509.Certificate.isValid"
        ),
        .pathAnchorWithoutConstraints: Text(
            "A trusted version 3 certificate without basicConstraints can't issue certificates, whatever its key usage.",
            "RFC 5280 section 4.2.1.9, 6.1.4 (k); Go x509.Certificate.isValid"
        ),
        .pathLength: Text(
            "pathLenConstraint limits the number of intermediates below a CA.",
            "RFC 5280 section 6.1.4 (l), (m)"
        ),
        .pathNameConstraints: Text(
            "A name outside its CA's constraints is refused with bad_certificate.",
            "RFC 5280 section 4.2.1.10, 6.1.3 (b)"
        ),
        .pathConstrainedWildcard: Text(
            "A wildcard that could match an excluded name is refused.",
            "RFC 5280 section 4.2.1.10; RFC 9525 section 6.3; CVE-2025-61727"
        ),
        .pathConstrainedMalformed: Text(
            "A malformed name is refused where names of its kind are constrained.",
            "RFC 5280 section 4.2.1.6, 4.2.1.10"
        ),
        .pathConstrainedAddress: Text(
            "An IP address outside its CA's constraints is refused.",
            "RFC 5280 section 4.2.1.10"
        ),
        .pathConstrainedMailbox: Text(
            "A mailbox outside its CA's constraints is refused.",
            "RFC 5280 section 4.2.1.10"
        ),
        .pathConstrainedURI: Text(
            "A URI outside of its CA's permitted subtrees is refused.",
            "RFC 5280 section 4.2.1.10"
        ),
        .pathConstrainedDirectory: Text(
            "A directory name outside of its CA's permitted subtrees is refused.",
            "RFC 5280 section 4.2.1.10"
        ),
        .pathConstrainedCommonName: Text(
            "A client's common name that looks like a DNS name is constrained like one where there is no DNS name.",
            "OpenSSL NAME_CONSTRAINTS_check_CN, since an application may take it for a name"
        ),
        .pathWeakDigest: Text(
            "A certificate that is signed over an MD5 digest proves nothing.",
            "RFC 8446 section 4.4.2.4: MUST abort"
        ),
        .pathSHA1: Text(
            "A certificate that is signed over a SHA-1 digest is refused.",
            "RFC 8446 section 4.4.2.4: RECOMMENDED"
        ),
        .pathConstraintsKnown: Text(
            "A chain with name constraints is processed.",
            "RFC 5280 section 4.2.1.10: applications MUST be able to process it"
        ),
        .pathDirectoryConstraintsKnown: Text(
            "A chain with constraints on directory names is processed.",
            "RFC 5280 section 4.2.1.10: applications MUST be able to process them"
        ),
        .pathCriticalExtension: Text(
            "An unknown critical extension is refused with bad_certificate.",
            "RFC 5280 section 4.2, 6.1.5 (e)"
        ),
        .pathIssuerCriticalExtension: Text(
            "An unknown critical extension of an issuer is refused with bad_certificate.",
            "RFC 5280 section 4.2, 6.1.4 (o)"
        ),
        .pathVersion1: Text(
            "A version 1 certificate is accepted as an end entity's.",
            "RFC 5280 section 4.1.2.1"
        ),
        .pathAuthorityAsLeaf: Text(
            "A CA certificate is accepted as an end entity's.",
            "RFC 5280 section 4.2.1.9; Go x509.Certificate.Verify"
        ),
        .pathMultipleDefects: Text(
            "A certificate with several defects is refused, with any of their alerts.",
            "RFC 5280 section 6.1: no order is set"
        ),
        .purposeMismatch: Text(
            "A certificate whose extended key usage lacks the side's purpose is refused.",
            "RFC 5280 section 4.2.1.12"
        ),
        .purposeAbsent: Text(
            "A certificate without extended key usage serves any purpose.",
            "RFC 5280 section 4.2.1.12"
        ),
        .purposeAny: Text(
            "anyExtendedKeyUsage serves any purpose.",
            "RFC 5280 section 4.2.1.12"
        ),
        .purposeAnyIssuer: Text(
            "anyExtendedKeyUsage of an issuer limits nothing.",
            "RFC 5280 section 4.2.1.12; Go x509 checkChainForKeyUsage"
        ),
        .purposeNested: Text(
            "An issuer's extended key usage limits what it issues.",
            "Go x509 checkChainForKeyUsage; CA/B BR 7.1.5"
        ),
        .keyUsageUnchecked: Text(
            "A leaf's key usage doesn't affect path validation.",
            "Go x509.Certificate.Verify checks none"
        ),
        .keyAgreementUnchecked: Text(
            "A leaf with keyAgreement and without digitalSignature still passes path validation.",
            "Go x509.Certificate.Verify checks none"
        ),
        .keyUsageInHandshake: Text(
            "The handshake doesn't require digitalSignature of the certificate whose key signs it.",
            "RFC 8446 section 4.4.2.2 leaves it to the peer; Go crypto/tls"
        ),
        .keyUsageLoaded: Text(
            "A side starts with a key whose certificate lacks digitalSignature.",
            "Go crypto/tls X509KeyPair"
        ),
        .keyUsageSelected: Text(
            "A client that selects by CA names considers issuers and not key usages.",
            "RFC 8446 section 4.2.4; Go CertificateRequestInfo.SupportsCertificate"
        ),
        .keyUsageSigns: Text(
            "A side signs with its key, whatever its certificate's key usage.",
            "Go crypto/tls checks none"
        ),
        .keyEncipherment: Text(
            "The certificate of an RSA key that signs needs no keyEncipherment.",
            "RFC 5280 section 4.2.1.3; RFC 8446 section 4.4.2.2: digitalSignature"
        ),
        .keySizeUnchecked: Text(
            "The size of a key doesn't affect path validation.",
            "Go x509.Certificate.Verify checks none"
        ),
        .keySizeLoaded: Text(
            "A side starts with an RSA key of 1024 bits.",
            "Go crypto/tls X509KeyPair"
        ),
        .keyP521Loaded: Text(
            "A side starts with a key on P-521.",
            "RFC 8446 section 4.2.3: ecdsa_secp521r1_sha512"
        ),
        .keyP521Asked: Text(
            "A side lets its peer sign with a key on P-521.",
            "RFC 8446 section 4.2.3"
        ),
        .keyP521Verified: Text(
            "A side verifies the signature of a handshake by a key on P-521.",
            "RFC 8446 section 4.4.3"
        ),
        .keyP521Authority: Text(
            "A CA may have a key on P-521.",
            "RFC 8446 section 4.2.3: signature_algorithms_cert; RFC 5480"
        ),
        .keyPSSLoaded: Text(
            "A side starts with a key restricted to RSASSA-PSS.",
            "RFC 8446 section 4.2.3: rsa_pss_pss_sha256"
        ),
        .keyPSSAsked: Text(
            "A side lets its peer sign with a key restricted to RSASSA-PSS.",
            "RFC 8446 section 4.2.3: rsa_pss_pss_sha256"
        ),
        .keyPSSAuthority: Text(
            "A CA may have a key restricted to RSASSA-PSS.",
            "RFC 4055; RFC 8446 section 4.2.3"
        ),
        .keyOtherTypeAsked: Text(
            "A server asks for keys of other types than its own.",
            "RFC 8446 section 4.3.2; RFC 5246 section 7.4.4"
        ),
        .certificateExtensionRead: Text(
            "A certificate with an unknown critical extension is read where nobody verifies it.",
            "RFC 5280 section 4.2: rejected by the system that processes it"
        ),
        .certificateExtensionLoaded: Text(
            "A side starts with a certificate with an unknown critical extension.",
            "Go crypto/tls X509KeyPair"
        ),
        .certificateConstraintsRead: Text(
            "A chain with name constraints is read where nobody verifies it.",
            "RFC 5280 section 4.2.1.10"
        ),
        .certificateConstraintsLoaded: Text(
            "A side starts with a chain with name constraints.",
            "Go crypto/tls X509KeyPair"
        ),
        .revocationRevoked: Text(
            "A certificate on its issuer's CRL is refused with certificate_revoked.",
            "RFC 5280 section 6.3; RFC 8446 6.2"
        ),
        .revocationUnknown: Text(
            "When revocation is checked, a certificate whose issuer has no CRL is refused.",
            "RFC 5280 section 6.3.3: status UNDETERMINED"
        ),
        .revocationStale: Text(
            "When revocation is checked, a CRL past its nextUpdate doesn't count, and its issuer's certificates are refused.",
            "RFC 5280 section 6.3.3 (a), 5.1.2.5"
        ),
        .revocationIntermediate: Text(
            "When the whole chain is checked, certificates of a revoked intermediate are refused.",
            "RFC 5280 section 6.1.3 (a)(3)"
        ),
        .revocationLeafAlone: Text(
            "When only the leaf is checked, a revoked issuer has no effect.",
            "Go and OpenSSL X509_V_FLAG_CRL_CHECK without _ALL"
        ),
    ]
}
