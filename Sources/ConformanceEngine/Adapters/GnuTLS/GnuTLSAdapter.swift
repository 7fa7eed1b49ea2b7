package import ConformanceModel
internal import GnuTLSPeer

/// Plays sides with the system's GnuTLS, as a plain GnuTLS application would set it up.
///
/// GnuTLS has no configuration errors of the library's kind: a verifying server without a pool trusts nobody, and a
/// client without a name checks none. Where that differs from what is right, it is a deviation of the stack.
package struct GnuTLSAdapter: StackAdapter {
    package init() {}

    package var stack: Stack { .gnutls }

    package var versions: [String: String] { ["gnutls": GnuTLSLibrary.gnuTLSVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        var named: [(name: String, credential: GnuTLSCredential)] = []
        for (name, credential) in settings.identitiesByName.sorted(by: { $0.key < $1.key }) {
            named.append((name, GnuTLSCredential(try material.credential(credential), presentsFaults: true)))
        }
        if settings.strictSNI, let identity = settings.identity {
            // The peer knows the names that it is told; a strict server also knows those of its default identity.
            let own = GnuTLSCredential(try material.credential(identity), presentsFaults: true)
            named += try material.dnsNames(of: identity).map { ($0, own) }
        }
        let allowed = GnuTLSVersion(version)
        let values = GnuTLSServerSettings(
            identity: try credential(settings.identity, of: material),
            identitiesByName: named,
            strictSNI: settings.strictSNI,
            clientAuth: GnuTLSClientAuth(settings.clientAuth),
            clientAuthByName: settings.hosts.mapValues(GnuTLSClientAuth.init),
            clientCAs: try material.certificates(settings.clientCAs ?? []),
            caNames: settings.acceptableCANames == .derived ? .derived : .none,
            crls: try material.revocationLists(settings.revocationLists),
            revocation: GnuTLSRevocation(settings.revocation),
            minimumVersion: allowed,
            maximumVersion: allowed,
            sessions: settings.sessions.map(GnuTLSServerSettings.Sessions.init) ?? .off,
            currentTime: { clock.now }
        )
        let server = try settingUp { () throws(GnuTLSError) in try GnuTLSServer(values) }
        return GnuTLSParty(.server(server), pools: settings.pools, material: material)
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let allowed = GnuTLSVersion(version)
        let values = GnuTLSClientSettings(
            identity: try credential(settings.identity, of: material),
            presents: settings.presents == .always ? .always : .matching,
            rootCAs: try material.certificates(settings.rootCAs ?? []),
            serverName: settings.serverName,
            sni: settings.sniOverride,
            insecureSkipVerify: settings.insecureSkipVerify,
            crls: try material.revocationLists(settings.revocationLists),
            revocation: GnuTLSRevocation(settings.revocation),
            minimumVersion: allowed,
            maximumVersion: allowed,
            keepsSessions: settings.sessions != nil,
            currentTime: { clock.now }
        )
        let client = try settingUp { () throws(GnuTLSError) in try GnuTLSClient(values) }
        return GnuTLSParty(.client(client), pools: settings.pools, material: material)
    }

    private func credential(_ name: String?, of material: CaseMaterial) throws(AdapterError) -> GnuTLSCredential? {
        guard let name else { return nil }
        return GnuTLSCredential(try material.credential(name), presentsFaults: true)
    }
}

/// One side of a connection that GnuTLS plays.
final class GnuTLSEndpoint: Endpoint {
    private let session: GnuTLSSession
    private let side: Side
    private let material: CaseMaterial

    init(_ session: GnuTLSSession, side: Side, material: CaseMaterial) {
        self.session = session
        self.side = side
        self.material = material
    }

    var state: EndpointState {
        switch session.state {
        case .handshaking: .handshaking
        case .established: .established
        case .closed: .closed
        case .failed: .failed
        }
    }

    func start() { session.start() }

    func receive(_ bytes: [UInt8]) { session.receive(bytes) }

    func receiveEndOfInput() { session.receiveEndOfInput() }

    func takeOutput() -> [UInt8] { session.takeOutput() }

    func send(_ bytes: [UInt8]) { session.send(bytes) }

    func takeApplicationData() -> [UInt8] { session.takeApplicationData() }

    var keyLogLines: [String] { session.keyLogLines }

    func close() { session.close() }

    func observation() -> SideObservation {
        let report = session.report
        var seen = SideObservation(accepted: report.accepted, reachedHandshake: true)
        if let failure = report.failure {
            seen.reason = ReasonClass(failure).rawValue
            seen.detail = Self.detail(of: failure)
        }
        seen.alertSent = report.alertSent.map(AlertDescription.init(rawValue:))
        seen.alertReceived = report.alertReceived.map(AlertDescription.init(rawValue:))
        seen.presented = report.localCertificate.map(material.sighting(of:))
        seen.received = report.peerChain.first.map(material.sighting(of:))
        seen.receivedChainLength = report.peerChain.count
        seen.verified = report.peerVerified
        seen.verifiedChainLength = report.verifiedChainLength
        seen.sni = report.sni
        seen.version = report.version.flatMap(ProtocolVersion.init(rawValue:))
        seen.cipherSuite = report.cipherSuite
        seen.resumed = report.resumed
        if side == .client {
            seen.certificateRequested = report.certificateRequested
            seen.acceptableCAs = report.certificateRequested ? material.entries(withSubjects: report.caNames) : nil
        }
        return seen
    }

    private static func detail(of failure: GnuTLSFailure) -> String {
        let reasons = failure.verificationReasons
        let status = reasons.isEmpty ? "" : " [\(reasons.joined(separator: ", "))]"
        return "\(failure.name): \(failure.message)\(status)"
    }
}
