/// One failure that a log tells of, as often as it does.
package struct LogFinding: Sendable {
    package var condition: LogCondition
    /// The owner of the certificate, file or behaviour that is at fault.
    package var subject: LogSide
    /// The side whose log it is, where that is known.
    package var logger: LogSide?
    package var finder: LogFinder
    package var stack: String?
    package var alert: UInt8?
    package var count = 1
    /// The first line's number, from 1, and its text, made safe for a terminal.
    package var lineNumber: Int
    package var line: String
    package var causes: [LogCause]

    struct Key: Hashable {
        var condition: LogCondition
        var subject: LogSide
        var logger: LogSide?
        var finder: LogFinder
        var stack: String?
        var alert: UInt8?
    }

    var key: Key {
        Key(condition: condition, subject: subject, logger: logger, finder: finder, stack: stack, alert: alert)
    }
}

/// Lines that belong to one failure, while they are being read.
struct LogEvent {
    var number: Int
    /// The first line as it came; it is made fit to print once its kind is known to be new.
    var text: [UInt8]
    var last: Int
    var line: LogLine

    /// The statement of all of its lines together.
    func finding() -> LogFinding? {
        guard let best = line.facts.first else { return nil }
        let alert = line.alert
        // The alert stands where no words say more; a handshake_failure is about ciphers when the log says so.
        var fact = best
        if fact.alert == nil, let alert, fact.condition == LogCondition(alert: alert.code) || fact.condition.isGeneric {
            fact.alert = alert.code
        }
        let facts = line.facts.filter { $0.condition == best.condition } + line.facts
        // Words that name a side outweigh hints.
        let logger = facts.lazy.compactMap(\.logger).first ?? Self.majority(line.sides)
        let isFromPeer = alert?.finder == .peer && (fact.alert != nil || best.condition.isGeneric)
        let finder = isFromPeer ? .peer : facts.lazy.compactMap(\.finder).first ?? .logger
        let (subject, side) = Self.place(fact, facts, logger: logger, finder: finder)
        let stack = line.stacks.first { !Self.libraries.contains($0) } ?? line.stacks.first
        return LogFinding(
            condition: best.condition,
            subject: subject,
            logger: side,
            finder: finder,
            stack: stack,
            alert: fact.alert ?? alert?.code,
            lineNumber: number,
            line: "",
            causes: []
        )
    }

    /// A program says more than the library that it is built on.
    static let libraries: Set<String> = [
        "OpenSSL", "BoringSSL", "Go", "Java", "GnuTLS", "NSS", "Schannel", "SecureTransport", "Erlang", "rustls",
    ]

    private static func majority(_ sides: [LogSide]) -> LogSide? {
        let clients = sides.count { $0 == .client }
        let servers = sides.count - clients
        return clients == servers ? nil : clients > servers ? .client : .server
    }

    /// The side at fault, and the side that logs it: a side that finds a fault finds it with the other one, and a side that
    /// receives an alert is the one at fault.
    private static func place(
        _ best: LogFact,
        _ facts: [LogFact],
        logger: LogSide?,
        finder: LogFinder
    ) -> (LogSide, LogSide?) {
        if let subject = best.subject ?? facts.lazy.filter({ !$0.condition.isGeneric }).compactMap(\.subject).first
            ?? facts.lazy.compactMap(\.subject).first
        {
            return (subject, logger ?? (finder == .peer ? subject : subject.other))
        }
        guard let logger else {
            // Nobody named: an alert is mostly read in a client's log, and a refused certificate is mostly a server's.
            switch finder {
            case .peer: return (.client, nil)
            case .logger:
                let isServers = best.condition == .noClientCertificate || best.alert == 40
                return (isServers ? .client : .server, nil)
            }
        }
        return (finder == .peer ? logger : logger.other, logger)
    }
}
