internal import ArgumentParser
internal import Campaign
internal import ConformanceModel
internal import Diagnostics
internal import MutualTLS

/// The two ways of `probe`: a server is asked, or the clients that connect here.
extension ProbeCommand {
    func askServer(_ address: String, _ identity: Identity?) throws {
        let target = try HostAndPort(parsing: address, option: "HOST:PORT", ports: 1...65_535)
        let name = try CredentialLoading.checked { try ServerName(serverName ?? target.host).sni }
        let prober = Prober(host: target.host, port: target.port, startTLS: startTLS, patience: .seconds(patience))
        let now = CredentialLoading.clock()
        let probe = Probe(prober: prober, target: address, name: name, identity: identity, now: now)
        let output = LineOutput(asJSON: json)
        if let watch {
            let rotation = RotationWatch(
                probe: probe,
                limit: .seconds(watch),
                interval: .milliseconds(interval),
                write: output.write
            )
            guard try CredentialLoading.checked(rotation.run) else {
                throw ExitCode(ProcessStatus.unexpectedResults.rawValue)
            }
            return
        }
        let report: ProbeReport
        do {
            report = try CredentialLoading.checked(probe.run)
        } catch let error as CommandError where expect != nil && error.status == .unexpectedResults {
            // An unreachable server says nothing about its mode.
            throw CommandError(message: error.message, status: .harnessFault)
        }
        output.write(report)
        switch report.answer(to: expect) {
        case .asExpected: return
        case .otherwise: throw ExitCode(ProcessStatus.unexpectedResults.rawValue)
        case .undecided: throw ExitCode(ProcessStatus.harnessFault.rawValue)
        }
    }

    func askClients(on address: String, _ identity: Identity?) throws {
        let place = try HostAndPort(parsing: address, option: "--listen", ports: 0...65_535)
        let listener = try CredentialLoading.checked { try ProbeListener(host: place.host, port: place.port) }
        let output = LineOutput(asJSON: json)
        output.write(ListeningLine(host: listener.host, port: listener.port))
        let probe = ClientProbe(
            identity: try identity ?? Probe.stranger(now: CredentialLoading.clock(), for: ["localhost"]),
            isOwnIdentity: identity != nil,
            patience: .seconds(patience),
            clock: CredentialLoading.clock,
            write: output.write
        )
        for turn in 0..<clients {
            guard let socket = listener.accept() else { return }
            try CredentialLoading.checked { try probe.ask(socket, turn: turn) }
        }
    }
}
