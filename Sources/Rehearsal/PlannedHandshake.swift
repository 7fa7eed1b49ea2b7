internal import ConformanceCatalogue
internal import ConformanceModel
internal import MutualTLS
internal import OpenSSLMinting

/// One service's call of another, with the settings that each of them has at that moment.
struct PlannedCall: Hashable {
    var caller: RotationPlan.State
    var called: RotationPlan.State
    /// The name that is dialled; nil where the called service has neither a name nor a certificate with one.
    var name: String?
    var time: Int64
    /// The side that alone looks at the other one's certificate; nil for both, as in a call.
    var judge: RefusingSide?
}

/// The side that ends a call.
package enum RefusingSide: String, Sendable, Hashable, Encodable {
    case caller, called
}

/// The end of a call that fails.
struct CallFailure: Hashable {
    /// The side that refuses the other one.
    var refusing: RefusingSide
    /// The library's name of the reason, for example `unknownAuthority`.
    var reason: String
    var message: String
}

/// Plays calls in memory, with the library on both sides; what was played once is not played again.
final class CallPlayer {
    private let mint: CertificateMint
    private var known: [PlannedCall: CallFailure?] = [:]
    private(set) var handshakes = 0

    init(_ mint: CertificateMint) {
        self.mint = mint
    }

    func failure(of call: PlannedCall) throws -> CallFailure? {
        if let known = known[call] { return known }
        let failure = try play(call)
        known[call] = failure
        return failure
    }

    private func play(_ call: PlannedCall) throws -> CallFailure? {
        guard let server = try identity(call.called) else {
            return CallFailure(
                refusing: .called,
                reason: "configuration",
                message: "it presents no certificate, and no server goes without one"
            )
        }
        guard let name = call.name ?? Self.name(of: server) else {
            return CallFailure(
                refusing: .caller,
                reason: "nameMismatch",
                message: "the certificate has no name to dial; give the service a “name”"
            )
        }
        handshakes += 1
        let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: call.time) }
        var accepting = MutualTLSConfiguration.Server(identity: server, currentTime: clock)
        if call.judge != .caller {
            accepting.clientAuth = ClientAuth(rawValue: call.called.clientAuth.rawValue) ?? .requireAndVerifyClientCert
        }
        accepting.clientCAs = pool(call.called)
        var dialing = MutualTLSConfiguration.Client(identity: try identity(call.caller), currentTime: clock)
        dialing.rootCAs = pool(call.caller)
        dialing.insecureSkipVerify = call.judge == .called
        let (serverEnd, clientEnd): (Connection, Connection)
        do throws(MutualTLSError) {
            serverEnd = try accepting.resolve().makeConnection()
        } catch {
            return CallFailure(refusing: .called, reason: "configuration", message: error.message)
        }
        do throws(MutualTLSError) {
            dialing.serverName = try ServerName(name)
            clientEnd = try dialing.resolve().makeConnection()
        } catch {
            return CallFailure(refusing: .caller, reason: "configuration", message: error.message)
        }
        clientEnd.start()
        // Each turn moves one flight; a handshake has six at the most.
        for _ in 0..<12 {
            serverEnd.receive(clientEnd.takeOutput())
            clientEnd.receive(serverEnd.takeOutput())
        }
        if let failure = clientEnd.failure, failure.reason != .peerAlert {
            return CallFailure(refusing: .caller, reason: failure.reason.rawValue, message: failure.message)
        }
        if let failure = serverEnd.failure, failure.reason != .peerAlert {
            return CallFailure(refusing: .called, reason: failure.reason.rawValue, message: failure.message)
        }
        if let failure = clientEnd.failure ?? serverEnd.failure {
            return CallFailure(refusing: .called, reason: failure.reason.rawValue, message: failure.message)
        }
        return nil
    }

    private func identity(_ state: RotationPlan.State) throws -> Identity? {
        let made = state.presents.flatMap { mint.entries[$0] ?? [] }
        guard let leaf = made.first else { return nil }
        return try Identity(
            chain: made.map(\.certificate),
            privateKey: PrivateKey(der: leaf.key.privateKeyDER())
        )
    }

    private func pool(_ state: RotationPlan.State) -> CertificatePool {
        CertificatePool(state.trusts.flatMap { mint.entries[$0] ?? [] }.map(\.certificate))
    }

    /// The name that a client would dial: the first of the certificate, with a host in place of a wildcard.
    private static func name(of identity: Identity) -> String? {
        let name = identity.certificate.dnsNames.first ?? identity.certificate.ipAddresses.first
        return name.map { $0.hasPrefix("*.") ? "a" + $0.dropFirst() : $0 }
    }

    /// The name that a service is dialled by, which stays when its certificate changes.
    func dialled(_ service: RotationPlan.Service) throws -> String? {
        if let name = service.dialled { return name }
        return try identity(service.today).flatMap(Self.name)
    }
}
