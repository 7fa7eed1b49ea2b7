internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// A probe of a server with the name sent otherwise than it is expected: the same host in other spellings, names beside
/// and below it, none at all, and the ClientHello in pieces.
struct NamesProbe {
    var probe: Probe
    var version: ProtocolVersion
    var stranger: Identity
    /// The attempt of the user's identity under the probe's own name.
    var reference: Attempt?

    private struct Asked {
        var name: String?
        var form: String?
        var helloRecord: Int?
    }

    /// - Parameter first: the attempts under the probe's own name.
    func run(first: (none: Attempt, stranger: Attempt)) throws -> [ProbeReport.NameResult] {
        var results = [result(Asked(name: probe.name), first.none, first.stranger)]
        for asked in others {
            // As far as for the name itself: a server of TLS 1.3 judges after the client's handshake.
            let none = try attempt(asked, nil)
            results.append(result(asked, none, none.isCertificateRequested ? try attempt(asked, stranger) : nil))
        }
        return results
    }

    private var others: [Asked] {
        guard let name = probe.name else { return [Asked(name: Probe.unknownName)] }
        var asked = [Asked(name: nil)]
        // The same host (RFC 6066 section 3: without case; DNS: with or without the last dot).
        for spelling in [name.uppercased(), name.lowercased()] where spelling != name {
            asked.append(Asked(name: spelling))
        }
        asked.append(Asked(name: name + "."))
        asked.append(Asked(name: "a." + name))
        // Another name that a wildcard in this one's place covers.
        if let dot = name.firstIndex(of: "."), name[dot...].dropFirst().contains(".") {
            asked.append(Asked(name: "probe" + name[dot...]))
        }
        asked.append(Asked(name: Probe.unknownName))
        // Literal addresses aren't permitted in server_name (RFC 6066 section 3), and some servers look them up.
        asked.append(Asked(name: "127.0.0.1"))
        asked.append(Asked(name: name, form: "in records of 64 bytes", helloRecord: 64))
        return asked
    }

    private func attempt(_ asked: Asked, _ identity: Identity?) throws -> Attempt {
        try probe.attempt(version, identity, name: asked.name, helloRecord: asked.helloRecord).judged(beside: reference)
    }

    private func result(_ asked: Asked, _ none: Attempt, _ stranger: Attempt?) -> ProbeReport.NameResult {
        let leaf = none.certificates.first
        let inference = ModeInference(version: version, none: none, stranger: stranger ?? none, again: none)
        return ProbeReport.NameResult(
            sent: asked.name,
            form: asked.form,
            mode: inference.mode,
            isStrangerAccepted: stranger.flatMap { $0.isAccepted ? true : $0.isRefused ? false : nil },
            answer: none.answer,
            outcome: none.description,
            accepted: none.isAccepted ? true : none.isRefused ? false : nil,
            sha256: leaf?.sha256Hexadecimal,
            commonName: leaf?.commonName,
            dnsNames: leaf?.dnsNames ?? []
        )
    }
}

/// Whether a server's sessions are good for more than they were granted for.
struct ResumptionProbe {
    var probe: Probe
    var version: ProtocolVersion
    /// The attempt of the user's identity, beside whose answer the others are judged.
    var reference: Attempt?

    /// - Parameter refused: whether a client without a certificate is refused under the probe's own name.
    func run(refused: Bool) throws -> ProbeReport.Resumption {
        let full = try probe.attempt(version, probe.identity, name: probe.name, .session)
        var result = ProbeReport.Resumption(bypassesClientAuth: false)
        if full.isAccepted, let session = full.session {
            let again = try probe.attempt(version, probe.identity, name: probe.name, session: session, .session)
            result.sameName = again.isAccepted && again.didResume
            // Sessions of TLS 1.3 are good for one use, so that another full handshake gives the next one.
            let next = try probe.attempt(version, probe.identity, name: probe.name, .session)
            if let session = next.session {
                let other = try probe.attempt(
                    version,
                    probe.identity,
                    name: Probe.unknownName,
                    session: session,
                    .session
                )
                result.otherName = other.isAccepted && other.didResume
            }
        }
        guard refused else { return result }
        // Where another name, or none, lets an anonymous client in, its session must not open this one.
        for open in [Probe.unknownName, nil] as [String?] where open != probe.name {
            let granted = try probe.attempt(version, nil, name: open).judged(beside: reference)
            guard granted.isAccepted, let session = granted.session else { continue }
            let carried = try probe.attempt(version, nil, name: probe.name, session: session).judged(beside: reference)
            if carried.isAccepted, carried.didResume { result.bypassesClientAuth = true }
        }
        return result
    }
}
