/// The rotation of one real server, under a loop of handshakes: what happened in each change of its files.
package struct RotationReport: Hashable, Codable, Sendable {
    package var stack: String
    package var version: String
    package var tls: ProtocolVersion
    package var steps: [Step]

    package init(stack: String, version: String, tls: ProtocolVersion, steps: [Step] = []) {
        self.stack = stack
        self.version = version
        self.tls = tls
        self.steps = steps
    }

    /// Whether every change was taken, and nobody who is entitled was turned away.
    package var isSmooth: Bool {
        steps.allSatisfy { step in
            let isTaken =
                switch step.notice {
                case .byItself, .whenTold, .keepsOld: true
                case .never, .closed: false
                }
            return isTaken && step.lost == 0 && !step.ended
        }
    }

    /// All handshakes of the run.
    package var handshakes: Int { steps.reduce(0) { $0 + $1.handshakes } }

    /// One change of files.
    package struct Step: Hashable, Codable, Sendable {
        package var change: Change
        package var notice: Notice
        /// The telling that was used, for people.
        package var telling: String
        package var handshakes = 0
        /// Handshakes that failed although their client is entitled to come in before and after the change.
        package var lost = 0
        /// The first lost one's failure, in a line.
        package var firstLoss: String?
        /// Handshakes that still met the old state after the server had been told, and the time of the last of them.
        package var oldServed = 0
        package var oldMilliseconds = 0
        package var kept: Kept?
        package var session: Session?
        /// Whether the server ended.
        package var ended = false

        package init(change: Change, notice: Notice = .never, telling: String) {
            self.change = change
            self.notice = notice
            self.telling = telling
        }

        /// The part that must be the same in every run, whatever the pace of the machine: no number of it.
        package var verdict: String {
            var parts = [notice.sentence]
            parts.append(lost == 0 ? "no handshake is lost" : "handshakes are lost")
            if let kept { parts.append(kept.sentence) }
            if let session { parts.append(session.sentence) }
            if ended { parts.append("the server ends") }
            return parts.joined(separator: "; ")
        }
    }

    /// How files are replaced, and which.
    package enum Change: String, Hashable, Codable, CaseIterable, Sendable {
        case inPlace = "identity, written in place"
        case rename = "identity, renamed over the old files"
        case symlink = "identity, by the swap of a symbolic link"
        case mismatched = "key before certificate, told in between"
        case back = "certificate after its key"
        case poolBoth = "pool, the new authority added"
        case poolNew = "pool, the old authority removed"
        case poolBothAgain = "pool, the old authority added again"
        case poolOld = "pool, the new authority removed"
    }

    /// When a server takes its new files.
    package enum Notice: String, Hashable, Codable, Sendable {
        case byItself = "by itself"
        case whenTold = "when told"
        case never
        /// A pair that doesn't match must not be taken.
        case keepsOld = "keeps the last good pair"
        case closed = "refuses everybody"

        package var sentence: String {
            switch self {
            case .byItself: "it takes the new files by itself"
            case .whenTold: "it takes the new files when told"
            case .never: "it was told, and nothing changed"
            case .keepsOld: "it keeps the last good pair"
            case .closed: "it lets nobody in"
            }
        }
    }

    /// The fate of a connection from before.
    package enum Kept: String, Hashable, Codable, Sendable {
        case goesOn = "goes on"
        case closed

        package var sentence: String {
            switch self {
            case .goesOn: "a connection from before goes on"
            case .closed: "a connection from before is closed"
            }
        }
    }

    /// The fate of a session from before.
    package enum Session: String, Hashable, Codable, Sendable {
        case resumed
        case declined = "declined, and a full handshake follows"
        case refused

        package var sentence: String {
            switch self {
            case .resumed: "a session from before is resumed"
            case .declined: "a session from before is declined, and a full handshake follows"
            case .refused: "a client with a session from before is refused"
            }
        }
    }
}
