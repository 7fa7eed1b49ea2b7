internal import ConformanceModel

/// The server of a case that somebody else runs: nothing of it is started or seen, and all evidence is its client's.
final class LiveServer: RemoteServer {
    private let endpoint: LiveEndpoint
    private let stack: Stack
    private let host: PeerHost

    init(_ endpoint: LiveEndpoint, of stack: Stack, _ host: PeerHost) {
        self.endpoint = endpoint
        self.stack = stack
        self.host = host
    }

    var endsWithConnection: Bool { false }

    func listen() throws(PeerFault) -> RemoteStart {
        .listening(.live(endpoint))
    }

    func observe() throws(PeerFault) -> SideObservation {
        host.noteSuccess(of: stack, .server)
        var seen = SideObservation(accepted: false, reachedHandshake: true)
        seen.untold = ObservedField.allCases.sorted()
        return seen
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        throw .unsupported("nothing of a live server can be changed")
    }

    func stop() throws(PeerFault) {}
}

extension ConnectionObservation {
    /// Leaves out of the comparison what nobody can know of a peer that the case did not set up: which certificates a
    /// live server has, and for a stack that nobody named, with which alert it refuses and when that is noticed.
    mutating func openUp(for live: Side?, anonymous: Side?) {
        if live == .server {
            client.leaveOpen([.received, .verifiedChainLength, .acceptableCAs])
            server.leaveOpen([.presented])
        }
        guard let anonymous else { return }
        let other = anonymous.opposite
        var sides = [Side.server: server, .client: client]
        // The alert is shown, as the other side received it.
        sides[anonymous]?.alertSent = self[other].alertReceived
        sides[anonymous]?.leaveOpen([.alertSent, .noticed, .reason, .alertReceived])
        sides[other]?.leaveOpen([.noticed])
        server = sides[.server] ?? server
        client = sides[.client] ?? client
    }
}

extension SideObservation {
    fileprivate mutating func leaveOpen(_ fields: [ObservedField]) {
        untold = Set(untold ?? []).union(fields).sorted()
    }
}
