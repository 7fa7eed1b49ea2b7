internal import ConformanceModel

/// One connection as both sides told it, cut into the stages of its handshake.
struct SightedConnection {
    /// The stages in the order of the protocol. A change of a setting stands before the stage that may show it first.
    enum Stage: CaseIterable {
        case clientHello
        case serverFlight
        case clientFlight
        case end
        /// When the handshake is over; nothing of a connection is told after that.
        case after

        /// The first stage that is after a phase.
        init(before phase: Phase) {
            self =
                switch phase {
                case .beforeClientHello, .clientHelloFirstByte, .clientHelloAllButLastByte: .clientHello
                case .clientHelloProcessed: .serverFlight
                case .clientFlightSent: .clientFlight
                case .clientFlightProcessed: .end
                case .established, .closed: .after
                }
        }
    }

    private typealias Entry = CaseTimeline.Entry

    /// Counted from 1.
    private let number: Int
    private let server: SideObservation?
    private let client: SideObservation?
    /// The certificate that each side presented on the connection before.
    private let before: (server: String?, client: String?)

    /// All connections of a case, in order.
    static func all(in result: CaseResult) -> [SightedConnection] {
        let observed = result.observed
        var before: (server: String?, client: String?) = (nil, nil)
        return (0..<max(observed.server.count, observed.client.count)).map { index in
            let server = index < observed.server.count ? observed.server[index] : nil
            let client = index < observed.client.count ? observed.client[index] : nil
            defer { before = (server?.presented?.sentencePart, client?.presented?.sentencePart) }
            return SightedConnection(number: index + 1, server: server, client: client, before: before)
        }
    }

    /// - Parameter count: how many connections the case has; a single one needs no number.
    func heading(of count: Int) -> String {
        var parts = [count > 1 ? "Connection \(number)" : "Connection"]
        if let version = server?.version ?? client?.version { parts.append("TLS \(version.rawValue)") }
        if let suite = server?.cipherSuite ?? client?.cipherSuite { parts.append(suite) }
        if server?.resumed == true || client?.resumed == true { parts.append("resumed") }
        for (side, old, new) in [
            ("server", before.server, server?.presented?.sentencePart),
            ("client", before.client, client?.presented?.sentencePart),
        ] {
            if let old, let new, old != new { parts.append("the \(side) rotated from \(old) to \(new)") }
        }
        return parts.joined(separator: ", ")
    }

    /// - Parameter showsDetail: whether the stacks' own words are worth their space.
    func entries(of stage: Stage, showsDetail: Bool) -> [CaseTimeline.Entry] {
        switch stage {
        case .clientHello: clientHello
        case .serverFlight: serverFlight
        case .clientFlight: clientFlight
        case .end: alerts + ends(showsDetail: showsDetail)
        case .after: []
        }
    }

    private var clientHello: [Entry] {
        guard server?.reachedHandshake == true || client?.reachedHandshake == true else { return [] }
        let name = client?.sni ?? server?.sni
        return [Entry(lane: .toServer, text: "ClientHello, " + (name.map { "server_name \($0)" } ?? "no server_name"))]
    }

    private var serverFlight: [Entry] {
        var entries: [Entry] = []
        if let certificate = client?.received ?? server?.presented {
            entries.append(
                Entry(lane: .toClient, text: Self.certificate(certificate, chainLength: client?.receivedChainLength))
            )
        }
        if client?.certificateRequested == true {
            let names = client?.acceptableCAs ?? []
            let text = "CertificateRequest" + (names.isEmpty ? "" : ", CA names \(names.joined(separator: " "))")
            entries.append(Entry(lane: .toClient, text: text))
        }
        if client?.verified == true {
            entries.append(Entry(lane: .client, text: "verified a chain of \(client?.verifiedChainLength ?? 0)"))
        }
        return entries
    }

    private var clientFlight: [Entry] {
        var entries: [Entry] = []
        if client?.certificateRequested == true {
            if let certificate = server?.received ?? client?.presented {
                let text = Self.certificate(certificate, chainLength: server?.receivedChainLength)
                entries.append(Entry(lane: .toServer, text: text))
            } else if client?.alertSent == nil {
                entries.append(Entry(lane: .toServer, text: "Certificate, empty"))
            }
        }
        if server?.verified == true {
            entries.append(Entry(lane: .server, text: "verified a chain of \(server?.verifiedChainLength ?? 0)"))
        }
        return entries
    }

    private static func certificate(_ certificate: CertificateSighting, chainLength: Int?) -> String {
        let length = chainLength ?? 0
        return "Certificate \(certificate.sentencePart)" + (length > 0 ? ", chain of \(length)" : "")
    }

    private var alerts: [Entry] {
        let fromServer = server?.alertSent.map { Entry(lane: .toClient, text: "alert \($0.sentencePart)") }
        let fromClient = client?.alertSent.map { Entry(lane: .toServer, text: "alert \($0.sentencePart)") }
        return [fromServer, fromClient].compactMap(\.self)
    }

    private func ends(showsDetail: Bool) -> [Entry] {
        let sides: [(CaseTimeline.Lane, SideObservation?, sent: AlertDescription?)] = [
            (.server, server, client?.alertSent), (.client, client, server?.alertSent),
        ]
        return sides.compactMap { lane, side, sent in
            guard let side else { return nil }
            var text = side.accepted ? "accepted" : "did not accept"
            if let noticed = side.noticed { text += ", noticed in \(noticed.sentencePart)" }
            if let reason = side.reason { text += ", for \(reason)" }
            // An alert that came over is told by its flight.
            if let alert = side.alertReceived, alert != sent { text += ", received alert \(alert.sentencePart)" }
            if showsDetail, let detail = side.detail, !detail.isEmpty { text += ": \(detail)" }
            return Entry(lane: lane, text: text)
        }
    }
}
