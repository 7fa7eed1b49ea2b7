internal import Logging
internal import OpenSSL

extension MutualTLSConfiguration.Server {
    /// Checks the settings as a whole and makes a server of them, or says what is wrong before any byte flows.
    public func resolve() throws(MutualTLSError) -> MutualTLSServer {
        guard let identity else {
            throw MutualTLSError(.missingIdentity, "A server needs an identity. Set identity.")
        }
        try refuseConflicts()
        let context = try SSLContext.shared(
            .server,
            from: minimumVersion,
            to: maximumVersion,
            securityLevel: securityLevel,
            acceptsPinnedLeaves: mutant != .refusePinnedLeaf,
            exportsKeys: keyLog != nil
        )
        for provider in [identity] + identitiesByName.values {
            try context.refuseUnusable(provider.identity)
        }
        let mode = authManager?.clientAuth ?? clientAuth
        let pool = authManager?.clientCAs(altered: mutant) ?? clientCAs
        let policy = try ClientPolicy(
            mode: mode.altered(by: mutant),
            clientCAs: pool,
            acceptableCANames: acceptableCANames
        )
        warn(about: mode, pool)
        let plan = ServerPlan(
            context: context,
            selector: try IdentitySelector(
                defaultIdentity: mutant == .ignoreRotation ? identity.identity : identity,
                byName: mutant == .ignoreRotation ? identitiesByName.mapValues(\.identity) : identitiesByName,
                isStrict: strictSNI,
                mutant: mutant
            ),
            verifier: try PeerVerifier(
                resolving: .clientAuthentication,
                revocation: revocation,
                currentTime: currentTime,
                mutant: mutant
            ),
            policySource: poolPolicy == .live ? liveSource(policy) : .fixed(policy),
            keyLog: keyLog,
            mutant: mutant
        )
        return MutualTLSServer(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    private func liveSource(_ policy: ClientPolicy) -> ServerPlan.PolicySource {
        authManager.map { .live($0, acceptableCANames) } ?? .fixed(policy)
    }

    private func refuseConflicts() throws(MutualTLSError) {
        guard authManager != nil, clientAuth != .noClientCert || clientCAs != nil else { return }
        throw MutualTLSError(
            .conflictingSettings,
            "clientAuth or clientCAs is set beside a CertAuthManager, which has its own. Set them on the manager."
        )
    }

    private func warn(about mode: ClientAuth, _ pool: CertificatePool?) {
        if pool != nil, !mode.verifiesCertificate {
            logger?.warning("ClientCAs are set, and \(mode.rawValue) doesn't verify clients against them")
        }
        if let pool, pool.isEmpty, mode.verifiesCertificate {
            logger?.warning("ClientCAs are empty: \(mode.rawValue) refuses every client certificate")
        }
    }
}

extension MutualTLSConfiguration.Client {
    /// Checks the settings as a whole and makes a client of them, or says what is wrong before any byte flows.
    public func resolve() throws(MutualTLSError) -> MutualTLSClient {
        guard authManager == nil || (rootCAs == nil && serverName == nil) else {
            throw MutualTLSError(
                .conflictingSettings,
                "rootCAs or serverName is set beside a CertAuthManager, which has its own. Set them on the manager."
            )
        }
        let context = try SSLContext.shared(
            .client,
            from: minimumVersion,
            to: maximumVersion,
            securityLevel: securityLevel,
            acceptsPinnedLeaves: mutant != .refusePinnedLeaf,
            exportsKeys: keyLog != nil
        )
        if let identity {
            try context.refuseUnusable(identity.identity)
        }
        let expectation = try ServerExpectation(
            rootCAs: authManager?.rootCAs(altered: mutant) ?? rootCAs,
            serverName: authManager?.serverName ?? serverName,
            verifies: !insecureSkipVerify
        )
        if insecureSkipVerify {
            logger?.warning(
                "insecureSkipVerify is set: the server's certificate is not verified",
                metadata: ["serverName": "\(expectation.serverName.map(\.description) ?? "none")"]
            )
        }
        let plan = ClientPlan(
            context: context,
            identity: mutant == .ignoreRotation ? identity?.identity : identity,
            presents: presents,
            expectation: poolPolicy == .live ? liveSource(expectation) : .fixed(expectation),
            verifier: insecureSkipVerify
                ? nil
                : try PeerVerifier(
                    resolving: .serverAuthentication,
                    revocation: revocation,
                    currentTime: currentTime,
                    mutant: mutant
                ),
            sniOverride: sniOverride,
            keyLog: keyLog,
            mutant: mutant
        )
        return MutualTLSClient(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    private func liveSource(_ expectation: ServerExpectation) -> ClientPlan.Expectation {
        authManager.map { .live($0) } ?? .fixed(expectation)
    }
}

extension SSLContext {
    fileprivate static func shared(
        _ role: SSLRole,
        from minimum: TLSVersion,
        to maximum: TLSVersion,
        securityLevel: Int32?,
        acceptsPinnedLeaves: Bool,
        exportsKeys: Bool
    ) throws(MutualTLSError) -> SSLContext {
        guard minimum <= maximum else {
            throw MutualTLSError(
                .invalidVersionRange,
                "The lowest version, TLS \(minimum.rawValue), is above the highest, TLS \(maximum.rawValue). Swap them."
            )
        }
        do {
            return try SSLContextCache.shared.context(
                SSLContextCache.Key(
                    role: role,
                    minimum: minimum.wireVersion,
                    maximum: maximum.wireVersion,
                    acceptsPinnedLeaves: acceptsPinnedLeaves,
                    securityLevel: securityLevel,
                    exportsKeys: exportsKeys
                )
            )
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not make a context.", cause: error)
        }
    }

    fileprivate func refuseUnusable(_ identity: Identity) throws(MutualTLSError) {
        do {
            try probe(identity.credential)
        } catch {
            throw MutualTLSError(
                .unusableIdentity,
                "OpenSSL refuses the identity \(identity): \(error). Issue it with a stronger key or signature.",
                cause: error
            )
        }
    }
}

extension PeerVerifier {
    fileprivate init(
        resolving purpose: Purpose,
        revocation: RevocationPolicy,
        currentTime: @escaping @Sendable () -> Timestamp,
        mutant: LibraryMutant?
    ) throws(MutualTLSError) {
        let check: RevocationCheck
        do {
            check = try revocation.makeCheck()
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not keep the revocation lists.", cause: error)
        }
        self.init(purpose: purpose, revocation: check, currentTime: currentTime, mutant: mutant)
    }
}
