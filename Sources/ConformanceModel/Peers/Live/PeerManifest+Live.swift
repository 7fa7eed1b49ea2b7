extension PeerManifest {
    /// The manifest of a server that runs already.
    ///
    /// - Parameter implementation: the stack whose known deviations hold; nil when nobody knows.
    package static func live(
        _ endpoint: LiveEndpoint,
        speaks conversation: Conversation,
        implementation: Stack?
    ) -> PeerManifest {
        var manifest = blank(.target, "\(endpoint.host):\(endpoint.port)", implementation)
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
            launch: command.groups.map(\.words),
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
                capabilities: [
                    .presentsMatching, .sniOverride, .skipVerify, .revocation, .emptyPool, .resumption, .rotation,
                ],
                reason: "a command has no words for it"
            )
        ]
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
    /// A server that runs already.
    package static let target = Stack(rawValue: "target")
    /// A client that a command starts.
    package static let triggered = Stack(rawValue: "triggered")
}
