internal import OpenSSL

/// Under what a session was granted, as 32 bytes: two handshakes may share a session only if their scopes are equal.
struct SessionScope: Sendable, Hashable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A server's: mode, pools, lists and options, the identity that the client is shown, and the name it asked for.
    ///
    /// The name stands in it because a session must not be resumed under another one (RFC 6066 section 3), as
    /// CVE-2025-23419 shows.
    init(
        of snapshot: ServerSnapshot,
        serverName: String?,
        options: SessionOptions,
        mutant: LibraryMutant?
    ) {
        var scope = ByteWriter()
        scope.write(Array("countersign server session".utf8))
        options.write(to: &scope)
        let policy = snapshot.policy
        if mutant != .resumeAcrossPolicyChange, mutant != .skipResumptionInvariant {
            scope.write(Array(policy.mode.rawValue.utf8))
        }
        if mutant != .resumeAcrossPoolChange {
            scope.write(optional: policy.clientCAs?.digest)
            scope.write(optional: policy.announced?.digest)
        }
        if mutant != .resumeRevokedCertificate {
            snapshot.revocation.write(to: &scope)
        }
        if mutant != .resumeAcrossIdentityUpdate {
            scope.write(snapshot.identity.digest)
        }
        if mutant != .resumeAcrossNames {
            scope.write(optional: serverName.map { DNSNameKey($0).bytes })
        }
        bytes = sha256(scope.bytes)
    }

    /// A client's: the server it expects, what it verifies it with, and what it presents.
    init(
        of snapshot: ClientSnapshot,
        sentName: String?,
        presents: ClientPresentation,
        verifies: Bool,
        options: SessionOptions,
        mutant: LibraryMutant?
    ) {
        var scope = ByteWriter()
        scope.write(Array("countersign client session".utf8))
        options.write(to: &scope)
        scope.write(verifies ? 1 : 0 as UInt8)
        scope.write(Array(presents.rawValue.utf8))
        scope.write(optional: sentName.map { Array($0.utf8) })
        if mutant != .keepSessionsAcrossServerNames {
            scope.write(optional: snapshot.expectation.serverName.map { Array($0.description.utf8) })
        }
        if mutant != .keepSessionsAcrossRootsChange {
            scope.write(optional: snapshot.expectation.rootCAs?.digest)
        }
        if mutant != .keepSessionsAcrossIdentityUpdate {
            scope.write(optional: snapshot.identity?.digest)
        }
        if mutant != .resumeRevokedCertificate {
            snapshot.revocation.write(to: &scope)
        }
        bytes = sha256(scope.bytes)
    }
}

/// What else of the settings decides which handshakes are accepted.
struct SessionOptions: Sendable {
    let minimumVersion: TLSVersion
    let maximumVersion: TLSVersion
    let securityLevel: Int32?
    let acceptsPinnedLeaves: Bool

    func write(to scope: inout ByteWriter) {
        scope.write(Array("\(minimumVersion.rawValue) \(maximumVersion.rawValue)".utf8))
        scope.write(Int64(securityLevel ?? -1))
        scope.write(acceptsPinnedLeaves ? 1 : 0 as UInt8)
    }
}

extension RevocationSnapshot {
    func write(to scope: inout ByteWriter) {
        scope.write(Array("\(self.scope)".utf8))
        scope.write(self.scope == .off ? [] : set.digest)
    }
}
