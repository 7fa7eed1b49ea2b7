import MutualTLS

@testable import bogo_shim

/// A run of the shim against doubles of the runner, one for each connection, which share their sessions.
final class Play {
    var peerIdentity: Identity?
    var peerOffersSessions = true
    var announced = AcceptableCANames.none
    private(set) var runners: [RunnerDouble] = []
    private let isServer: Bool
    private let flags: [String]
    private let message: [UInt8]
    private let ending: RunnerDouble.Ending

    init(
        _ isServer: Bool,
        _ flags: [String],
        message: [UInt8] = Array("ping".utf8),
        ending: RunnerDouble.Ending = .closeNotify
    ) {
        self.isServer = isServer
        self.flags = flags
        self.message = message
        self.ending = ending
        peerIdentity = try? ShimPKI.shared.identity(isServer ? "client" : "server")
    }

    func run() throws {
        let own = ShimPKI.shared.flags(for: isServer ? "server" : "client")
        let (initial, resumed) = try parse((isServer ? ["-server"] : []) + own + flags)
        let makePeer = try isServer ? clients() : servers()
        runners = []
        try ShimSession(
            initial: initial,
            resumed: resumed,
            clock: clock,
            connect: { [self] _ throws(ShimFailure) in
                do {
                    let runner = RunnerDouble(try makePeer(), message: message, ending: ending)
                    runners.append(runner)
                    return runner
                } catch {
                    throw ShimFailure("\(error)")
                }
            }
        ).play()
    }

    private func clients() throws -> () throws -> Connection {
        var settings = MutualTLSConfiguration.Client(identity: peerIdentity, currentTime: clock)
        settings.insecureSkipVerify = true
        settings.serverName = try ServerName("server.test")
        settings.sessions = .scoped()
        let client = try settings.resolve()
        return { [self] in try client.makeConnection(offeringSession: peerOffersSessions) }
    }

    private func servers() throws -> () throws -> Connection {
        var settings = MutualTLSConfiguration.Server(identity: peerIdentity, currentTime: clock)
        settings.clientAuth = .requestClientCert
        settings.acceptableCANames = announced
        settings.sessions = .scoped()
        let server = try settings.resolve()
        return { try server.makeConnection() }
    }
}
