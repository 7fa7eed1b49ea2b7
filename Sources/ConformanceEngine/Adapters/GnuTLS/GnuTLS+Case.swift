internal import ConformanceModel
internal import GnuTLSPeer

extension GnuTLSCredential {
    /// - Parameter presentsFaults: whether a key that does not match is presented all the same, which GnuTLS by itself
    ///   refuses.
    init(_ credential: Credential, presentsFaults: Bool) {
        let fault: GnuTLSCredentialFault? =
            if credential.corruptsSignature {
                .corruptSignature
            } else if presentsFaults, !credential.hasMatchingKey {
                .mismatchedKey
            } else {
                nil
            }
        self.init(chain: credential.chain, privateKey: credential.privateKey, fault: fault)
    }
}

extension GnuTLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension GnuTLSClientAuth {
    init(_ mode: ClientAuthMode) {
        self =
            switch mode {
            case .noClientCert: .noClientCert
            case .requestClientCert: .requestClientCert
            case .requireAnyClientCert: .requireAnyClientCert
            case .verifyClientCertIfGiven: .verifyClientCertIfGiven
            case .requireAndVerifyClientCert: .requireAndVerifyClientCert
            }
    }
}

extension GnuTLSRevocation {
    init(_ mode: RevocationMode) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf
            case .chain: .chain
            }
    }
}

extension GnuTLSServerSettings.Sessions {
    init(_ settings: SessionSettings) {
        self = .on(
            lifetimeSeconds: Int(settings.lifetimeSeconds),
            ticketKey: settings.sharesTicketKeys ? SharedTicketSecret.bytes : nil
        )
    }
}

extension ReasonClass {
    /// The class of a failure on the wire.
    ///
    /// GnuTLS may find several defects at once; then the one named is the first in the order of this table, which puts
    /// what the certificate says before who signed it.
    init(_ failure: GnuTLSFailure) {
        let found = failure.verificationReasons
        if let reason = Self.verification.first(where: { found.contains($0.word) })?.reason {
            self = reason
        } else {
            self = Self.results[failure.name] ?? (found.isEmpty ? .protocol : .other)
        }
    }

    /// The class of a call that GnuTLS refused while a side was set up.
    init(settingUp error: GnuTLSError) {
        self = error.name == "GNUTLS_E_CERTIFICATE_KEY_MISMATCH" ? .mismatchedKey : .other
    }

    private static let verification: [(word: String, reason: ReasonClass)] = [
        ("revoked", .revoked),
        ("expired", .expired),
        ("not-yet-valid", .notYetValid),
        ("purpose", .wrongPurpose),
        ("name-mismatch", .nameMismatch),
        ("critical-extension", .unknownCriticalExtension),
        // GnuTLS sets the bit for constraints as well when the signer is no CA at all.
        ("signer-not-ca", .unknownCA),
        // One bit for name constraints and path lengths.
        ("name-constraints", .nameConstraint),
        ("insecure-algorithm", .weakKey),
        // Of a certificate: the key of no authority has signed it.
        ("signature", .unknownCA),
        ("revocation-data-superseded", .revocationUnknown),
        ("revocation-data-from-future", .revocationUnknown),
        ("unknown-ca", .unknownCA),
    ]

    private static let results: [String: ReasonClass] = [
        "GNUTLS_E_FATAL_ALERT_RECEIVED": .peerAlert,
        "GNUTLS_E_PREMATURE_TERMINATION": .prematureEnd,
        "GNUTLS_E_NO_CERTIFICATE_FOUND": .noCertificate,
        "GNUTLS_E_CERTIFICATE_REQUIRED": .noCertificate,
        "GNUTLS_E_PK_SIG_VERIFY_FAILED": .badSignature,
        "GNUTLS_E_KEY_USAGE_VIOLATION": .keyUsage,
        // Each certificate of a recipe has a key that some scheme fits, so that only its key usage can be in the way.
        "GNUTLS_E_INSUFFICIENT_CREDENTIALS": .keyUsage,
        "GNUTLS_E_UNRECOGNIZED_NAME": .unrecognizedName,
        "GNUTLS_E_ASN1_DER_ERROR": .undecodable,
        "GNUTLS_E_ASN1_TAG_ERROR": .undecodable,
        "GNUTLS_E_ASN1_GENERIC_ERROR": .undecodable,
        "GNUTLS_E_ASN1_ELEMENT_NOT_FOUND": .undecodable,
    ]
}

/// Does one step of setting a side up; what GnuTLS refuses there is a refusal of the settings.
func settingUp<Value>(_ make: () throws(GnuTLSError) -> Value) throws(AdapterError) -> Value {
    do throws(GnuTLSError) {
        return try make()
    } catch {
        throw .configuration(ReasonClass(settingUp: error), detail: "\(error)")
    }
}
