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
            exportsKeys: keyLog != nil,
            keepsSessions: sessions.scoped != nil
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
            verifier: PeerVerifier(purpose: .clientAuthentication, currentTime: currentTime, mutant: mutant),
            revocation: revocation,
            sessions: try ServerSessions(sessions, options: sessionOptions),
            currentTime: currentTime,
            policySource: poolPolicy.altered(by: mutant) == .live ? liveSource(policy) : .fixed(policy),
            keyLog: keyLog,
            mutant: mutant
        )
        return MutualTLSServer(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    private var sessionOptions: SessionOptions {
        SessionOptions(
            minimumVersion: minimumVersion,
            maximumVersion: maximumVersion,
            securityLevel: securityLevel,
            acceptsPinnedLeaves: mutant != .refusePinnedLeaf
        )
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
            exportsKeys: keyLog != nil,
            keepsSessions: sessions.scoped != nil
        )
        if let identity {
            try context.refuseUnusable(identity.identity)
        }
        let expectation = try ServerExpectation(
            rootCAs: authManager?.rootCAs(altered: mutant) ?? rootCAs,
            serverName: authManager?.serverName ?? serverName ?? dialedName,
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
            expectation: poolPolicy.altered(by: mutant) == .live ? liveSource(expectation) : .fixed(expectation),
            verifier: insecureSkipVerify
                ? nil
                : PeerVerifier(purpose: .serverAuthentication, currentTime: currentTime, mutant: mutant),
            revocation: revocation,
            sessions: try SessionCache(sessions, mutant: mutant),
            options: SessionOptions(
                minimumVersion: minimumVersion,
                maximumVersion: maximumVersion,
                securityLevel: securityLevel,
                acceptsPinnedLeaves: mutant != .refusePinnedLeaf
            ),
            currentTime: currentTime,
            sniOverride: sniOverride,
            keyLog: keyLog,
            mutant: mutant
        )
        return MutualTLSClient(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    private func liveSource(_ expectation: ServerExpectation) -> ClientPlan.Expectation {
        authManager.map { .live($0, dialedName) } ?? .fixed(expectation)
    }
}
