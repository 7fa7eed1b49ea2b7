internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

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
