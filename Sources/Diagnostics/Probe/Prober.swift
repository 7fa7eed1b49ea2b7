internal import MutualTLS
internal import OpenSSL

/// Makes handshakes with one server, one after the other.
package struct Prober: Sendable {
    var host: String
    var port: Int
    var startTLS: StartTLS?
    /// How long a server may take for each answer, before it is tried again with four times as long.
    var patience: Duration

    package init(host: String, port: Int, startTLS: StartTLS?, patience: Duration) {
        self.host = host
        self.port = port
        self.startTLS = startTLS
        self.patience = patience
    }

    /// One handshake. A server that gives no answer in time is tried once more, and given longer: many are slow at
    /// their first connection alone. One that closes when it gets bytes that it doesn't know is tried without any.
    func attempt(_ settings: RawClient.Settings, _ depth: ProbeExchange.Depth) throws(OpenSSLError) -> Attempt {
        var attempt = try once(settings, depth, patience)
        if case .stalled = attempt.attempt.ending { attempt = try once(settings, depth, patience * 4) }
        guard attempt.isAmbiguous else { return attempt.attempt }
        var patient = try once(settings, .silence, patience).attempt
        if patient.ending == .accepted(.silent) { patient.ending = .accepted(.closedAfterRequest) }
        return patient
    }

    private func once(
        _ settings: RawClient.Settings,
        _ depth: ProbeExchange.Depth,
        _ patience: Duration
    ) throws(OpenSSLError) -> (attempt: Attempt, isAmbiguous: Bool) {
        let socket: ProbeSocket
        do {
            socket = try ProbeSocket(host: host, port: port, timeout: patience)
            if let refusal = startTLS?.begin(on: socket, patience: patience) {
                return (Attempt(ending: .notTLS(refusal)), false)
            }
        } catch {
            return (Attempt(ending: .unreachable(error.message)), false)
        }
        let client = try RawClient(settings)
        var exchange = ProbeExchange(
            socket: socket,
            client: client,
            host: host,
            startTLS: startTLS,
            patience: patience
        )
        let ending = exchange.run(depth)
        let isAmbiguous = exchange.hasSentRequest && ending.isSilentRefusal
        client.close()
        _ = socket.send(client.takeOutput())
        let attempt = Attempt(
            ending: ending,
            record: client.record,
            didResume: client.didResume,
            answer: ApplicationAnswer(client.applicationData, after: startTLS),
            session: client.session,
            handshakeTime: exchange.handshakeTime
        )
        return (attempt, isAmbiguous)
    }
}

extension Attempt.Ending {
    /// Whether the server ended the connection and gave no reason.
    fileprivate var isSilentRefusal: Bool {
        switch self {
        case .refused(.closedWithoutAlert, _), .refused(.reset, _): true
        default: false
        }
    }
}
