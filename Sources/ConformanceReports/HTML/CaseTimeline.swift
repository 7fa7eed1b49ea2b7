internal import Conformance

/// What both sides saw of a case, on one line of time: the flights in the order of the protocol, and how each side ended.
///
/// A flight stands here when a side reported it, so two stacks that disagree show it.
struct CaseTimeline {
    /// Where an entry stands.
    enum Lane: Int {
        case heading
        case server
        case client
        case toServer
        case toClient
    }

    struct Entry: Hashable {
        var lane: Lane
        var text: String
    }

    private(set) var entries: [Entry] = []

    /// - Parameter showsDetail: whether the stacks' own words are worth their space.
    init(_ result: CaseResult, showsDetail: Bool) {
        let count = max(result.observed.server.count, result.observed.client.count)
        var before: (server: String?, client: String?) = (nil, nil)
        for index in 0..<count {
            let server = index < result.observed.server.count ? result.observed.server[index] : nil
            let client = index < result.observed.client.count ? result.observed.client[index] : nil
            addHeading(number: count > 1 ? index + 1 : nil, server, client, before)
            addFlights(server, client)
            addEnds(server, client, showsDetail: showsDetail)
            before = (server?.presented?.sentencePart, client?.presented?.sentencePart)
        }
        if entries.isEmpty { add(.heading, "no connection was observed") }
    }

    private mutating func add(_ lane: Lane, _ text: String) {
        entries.append(Entry(lane: lane, text: text))
    }

    private mutating func addHeading(
        number: Int?,
        _ server: SideObservation?,
        _ client: SideObservation?,
        _ before: (server: String?, client: String?)
    ) {
        var parts = [number.map { "Connection \($0)" } ?? "Connection"]
        if let version = server?.version ?? client?.version { parts.append("TLS \(version.rawValue)") }
        if let suite = server?.cipherSuite ?? client?.cipherSuite { parts.append(suite) }
        if server?.resumed == true || client?.resumed == true { parts.append("resumed") }
        for (side, old, new) in [
            ("server", before.server, server?.presented?.sentencePart),
            ("client", before.client, client?.presented?.sentencePart),
        ] {
            if let old, let new, old != new { parts.append("the \(side) rotated from \(old) to \(new)") }
        }
        add(.heading, parts.joined(separator: ", "))
    }

    private mutating func addFlights(_ server: SideObservation?, _ client: SideObservation?) {
        let isReached = server?.reachedHandshake == true || client?.reachedHandshake == true
        if isReached {
            let name = client?.sni ?? server?.sni
            add(.toServer, "ClientHello" + (name.map { ", server_name \($0)" } ?? ", no server_name"))
        }
        if let certificate = client?.received ?? server?.presented {
            let length = client.map(\.receivedChainLength) ?? 0
            add(.toClient, "Certificate \(certificate.sentencePart)" + (length > 0 ? ", chain of \(length)" : ""))
        }
        if client?.verified == true { add(.client, "verified a chain of \(client?.verifiedChainLength ?? 0)") }
        if client?.certificateRequested == true {
            let names = client?.acceptableCAs ?? []
            add(.toClient, "CertificateRequest" + (names.isEmpty ? "" : ", CA names \(names.joined(separator: " "))"))
            if let certificate = server?.received ?? client?.presented {
                let length = server.map(\.receivedChainLength) ?? 0
                add(.toServer, "Certificate \(certificate.sentencePart)" + (length > 0 ? ", chain of \(length)" : ""))
            } else if client?.alertSent == nil {
                add(.toServer, "Certificate, empty")
            }
        }
        if server?.verified == true { add(.server, "verified a chain of \(server?.verifiedChainLength ?? 0)") }
    }

    private mutating func addEnds(_ server: SideObservation?, _ client: SideObservation?, showsDetail: Bool) {
        if let alert = server?.alertSent { add(.toClient, "alert \(alert.sentencePart)") }
        if let alert = client?.alertSent { add(.toServer, "alert \(alert.sentencePart)") }
        for (lane, side, sent) in [
            (Lane.server, server, client?.alertSent), (.client, client, server?.alertSent),
        ] {
            guard let side else { continue }
            var text = side.accepted ? "accepted" : "did not accept"
            if let noticed = side.noticed { text += ", noticed in \(noticed.sentencePart)" }
            if let reason = side.reason { text += ", for \(reason)" }
            // An alert that came over is told by its flight.
            if let alert = side.alertReceived, alert != sent { text += ", received alert \(alert.sentencePart)" }
            if showsDetail, let detail = side.detail, !detail.isEmpty { text += ": \(detail)" }
            add(lane, text)
        }
    }
}
