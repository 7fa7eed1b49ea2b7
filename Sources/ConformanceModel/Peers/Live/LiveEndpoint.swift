/// A server that somebody else runs, and that cases are played against as it stands.
package struct LiveEndpoint: Hashable, Codable, Sendable {
    /// A name or an address.
    package var host: String
    package var port: UInt16
    /// How long a server that has been asked for something may say nothing before that counts as acceptance.
    package var silenceMs: Int
    /// The host that requests are for; nil for the name of the case.
    package var requestHost: String?
    /// The path that requests are for.
    package var path: String
    /// The user that a database is asked for; nil for its usual one.
    package var user: String?
    /// The answer that the good identity gets; nil before it was asked for.
    package var answer: LiveAnswer?

    package init(
        host: String,
        port: UInt16,
        silenceMs: Int = 500,
        requestHost: String? = nil,
        path: String = "/",
        user: String? = nil
    ) {
        self.host = host
        self.port = port
        self.silenceMs = silenceMs
        self.requestHost = requestHost
        self.path = path
        self.user = user
    }
}

/// The words of a server that somebody else runs to a client after the handshake. The good identity's answer is the
/// measure: a client that gets another one was refused.
package enum LiveAnswer: Hashable, Codable, Sendable, CustomStringConvertible {
    /// An HTTP response with this status code.
    case status(Int)
    /// Bytes that are no HTTP.
    case other
    /// close_notify, and not a byte.
    case close
    /// Nothing.
    case silence

    package init?(description: String) {
        let words = description.split(separator: " ")
        if description == LiveAnswer.other.description {
            self = .other
        } else if description == LiveAnswer.close.description {
            self = .close
        } else if description == LiveAnswer.silence.description {
            self = .silence
        } else if words.count == 3, words.starts(with: ["answered", "HTTP"]), let code = Int(words[2]) {
            self = .status(code)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .status(let code): "answered HTTP \(code)"
        case .other: "answered in another protocol"
        case .close: "closed without an answer"
        case .silence: "said nothing"
        }
    }

    /// Whether the answer is one that servers give to a client whose certificate they refuse.
    package var readsAsRefusal: Bool {
        if case .status(let code) = self { return [400, 401, 403, 421, 495, 496].contains(code) }
        return false
    }
}

/// The test authority that a live peer trusts, as far as it is known.
package struct LiveIssuer: Hashable, Sendable {
    package var pathLength: Int?
    /// As dotted identifiers; nil when it limits none.
    package var extendedKeyUsages: [String]?
    /// A serial number that is on its revocation list, big-endian; nil without a list.
    package var revokedSerial: [UInt8]?

    package init(pathLength: Int? = nil, extendedKeyUsages: [String]? = nil, revokedSerial: [UInt8]? = nil) {
        self.pathLength = pathLength
        self.extendedKeyUsages = extendedKeyUsages
        self.revokedSerial = revokedSerial
    }
}

extension PKISpecification {
    /// Puts the test authority in the place of an entry, with what limits it.
    mutating func adopt(_ issuer: LiveIssuer, as name: String) {
        guard var entry = certificates[name] else { return }
        entry.standIn = .issuer
        entry.pathLength = issuer.pathLength
        entry.extendedKeyUsages = issuer.extendedKeyUsages
        certificates[name] = entry
    }

    /// The entry that the test authority stands in for.
    package var adopted: String? { certificates.values.first { $0.standIn == .issuer }?.name }

    /// The self-signed certificate that a credential ends at, by its issuers.
    func root(of identity: String) -> String? {
        var name = credentials[identity]?.certificate ?? identity
        var seen: Set<String> = []
        while let issuer = certificates[name]?.issuer, seen.insert(name).inserted { name = issuer }
        return certificates[name] == nil ? nil : name
    }

    /// Whether an entry is an authority that a test authority can stand in for: a good one that nobody has signed.
    func isPlainAuthority(_ name: String) -> Bool {
        guard let entry = certificates[name] else { return false }
        return entry.issuer == nil && entry.isCA && entry.keyOf == nil && entry.version == 3 && entry.key != .rsa1024
            && entry.validFrom <= 0 && entry.validTo > 0 && entry.nameConstraints == nil
            && !entry.hasUnknownCriticalExtension
    }
}

extension PeerManifest {
    /// The manifest of a server that runs already.
    ///
    /// - Parameters:
    ///   - stack: the name in case ids and reports.
    ///   - implementation: the stack whose known deviations hold; nil when nobody knows.
    package static func live(
        _ endpoint: LiveEndpoint,
        as stack: Stack = .target,
        speaks conversation: Conversation,
        implementation: Stack?
    ) -> PeerManifest {
        var manifest = blank(stack, "\(endpoint.host):\(endpoint.port)", implementation)
        manifest.endpoint = endpoint
        manifest.speaks = [conversation]
        return manifest
    }

    /// The manifest of a client that a command starts.
    ///
    /// - Parameters:
    ///   - folder: where the command is started, absolute.
    ///   - implementation: the stack whose known deviations hold; nil when nobody knows.
    package static func triggered(
        _ command: TriggerCommand,
        speaks conversation: Conversation,
        folder: String,
        implementation: Stack?
    ) -> PeerManifest {
        var manifest = blank(.triggered, command.program, implementation)
        manifest.folder = folder
        manifest.trigger = command
        manifest.client = ProgramPlan(
            speaks: conversation,
            files: [:],
            launch: command.filledGroups.map(\.words),
            input: nil,
            holdsInput: false,
            words: [:],
            ready: nil,
            portInUse: nil,
            ending: .itself,
            logs: [],
            tells: [
                Telling(field: .accepted, pattern: nil, exitCodes: [0], value: "true"),
                Telling(field: .accepted, pattern: "(?s).*", exitCodes: [], value: "false"),
                Telling(field: .noticed, pattern: "(?s).*", exitCodes: [], value: "handshake"),
            ]
        )
        manifest.lacks = [
            Lack(
                capabilities: [.sniOverride, .helloCut, .skipVerify, .emptyPool],
                reason: "a command has no words for it"
            )
        ]
        if !command.takesLines {
            manifest.lacks.append(
                Lack(
                    capabilities: [.resumption, .rotation],
                    reason: "a program that is started for each connection keeps nothing between two; "
                        + "--trigger-mode lines starts it once"
                )
            )
        }
        if !command.has("crls") {
            manifest.lacks.append(Lack(capabilities: [.revocation], reason: "the command has no place for {crls}"))
        }
        return manifest
    }

    private static func blank(_ stack: Stack, _ title: String, _ implementation: Stack?) -> PeerManifest {
        PeerManifest(
            stack: stack,
            title: title,
            implementation: implementation ?? stack,
            folder: "/",
            package: "",
            program: title,
            version: VersionQuery(command: [], pattern: ""),
            environment: [:],
            speaks: [],
            lacks: [],
            isAnonymous: implementation == nil
        )
    }
}

extension Stack {
    /// A host of a server that runs already and has several; its name has no other characters than those of ids.
    package static func target(host: String) -> Stack {
        let name = host.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) ? $0 : "-" }
        return Stack(rawValue: "target-\(String(name))")
    }

    /// A server that runs already.
    package static let target = Stack(rawValue: "target")
    /// A client that a command starts.
    package static let triggered = Stack(rawValue: "triggered")
}
