internal import ArgumentParser
internal import Campaign
internal import ConformanceModel

/// The arguments that put a server or a client of the user's own through the catalogue.
struct LiveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judges a running server in the cases of --mode; needs --issuer-cert and --issuer-key.",
            valueName: "host:port"
        )
    )
    var target: String?

    @Option(
        help: ArgumentHelp(
            "Judges a client: a command that makes it connect to {url}.",
            discussion: """
                Placeholders: {url}, {host}, {port}, {serverName}, {rootCAs}, {certificate} (the leaf), {chain}, {key}, \
                {bundle}, {crls}. Words in [brackets] are left out when a placeholder in them has no value. Exit code 0 means \
                that the client took the connection. No shell is involved.
                """,
            valueName: "command"
        )
    )
    var clientTrigger: String?

    @Option(
        help: ArgumentHelp(
            "Whether the command is started for each connection, or once.",
            discussion: """
                In the mode lines it reads a line for each connection on its standard input: its words from the first \
                placeholder on, with tabs between them. It answers each with a line: “ok”, or why it gave up.
                """,
            valueName: "each|lines"
        )
    )
    var triggerMode: TriggerMode = .each

    @Option(help: ArgumentHelp("The test authority that the target or the client trusts, in PEM.", valueName: "file"))
    var issuerCert: String?

    @Option(help: ArgumentHelp("The private key of the test authority, in PEM, unencrypted.", valueName: "file"))
    var issuerKey: String?

    @Option(
        help: ArgumentHelp(
            "The client authentication mode that the target should run, by Go's name.",
            valueName: "mode"
        )
    )
    var mode: ClientAuthMode?

    @Option(
        help: ArgumentHelp(
            "The target's name, by default its host; for a client command without {host}, the name by which it reaches 127.0.0.1.",
            discussion: "Given several times, it names the hosts of a target, which all are to run --mode.",
            valueName: "name"
        )
    )
    var serverName: [String] = []

    @Option(
        help: ArgumentHelp(
            "A name of the target and the mode that it should run for it; given for each of its hosts, in place of --mode.",
            discussion: "Each host is judged, and so is the way from one that asks for nothing to one that does.",
            valueName: "name=mode"
        )
    )
    var host: [LiveHost] = []

    @Option(
        help: ArgumentHelp(
            "Authorities for the target's certificate, in PEM; without them it isn't verified.",
            valueName: "file"
        )
    )
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "The revocation list that the target has, in PEM: clients with a serial number on it must be refused.",
            valueName: "file"
        )
    )
    var crl: String?

    @Option(
        help: ArgumentHelp(
            """
            What is said around the handshake: greeting, http, nats or postgres. A target is asked as in HTTP, and \
            anything counts that is no refusal of the certificate.
            """,
            valueName: "protocol"
        )
    )
    var speaks: Conversation?

    @Option(
        help: ArgumentHelp(
            """
            The stack that the target or the client is built on: its known deviations hold, and its alerts are compared.
            """,
            valueName: "stack"
        )
    )
    var implementation: String?

    @Option(
        help: ArgumentHelp(
            "How long a target that says nothing to a good client may stay silent before that counts as acceptance.",
            valueName: "milliseconds"
        )
    )
    var silence: Int = 500

    @Option(
        help: ArgumentHelp("The path that a target is asked for, which the good identity may read.", valueName: "path")
    )
    var path: String = "/"

    @Option(
        help: ArgumentHelp(
            "The user that a target of --speaks postgres is asked for; postgres by default.",
            valueName: "name"
        )
    )
    var user: String?

    @Option(
        help: ArgumentHelp(
            "How long a target that was just started has until it listens; by default it must listen already.",
            valueName: "seconds"
        )
    )
    var wait: Int = 0

    /// Whether a run has such a peer.
    var isGiven: Bool { target != nil || clientTrigger != nil }

    func validate() throws {
        guard isGiven else {
            let needless =
                [issuerCert, issuerKey, ca, implementation].contains { $0 != nil } || mode != nil
                || !serverName.isEmpty || !host.isEmpty
            guard !needless else {
                throw ValidationError("--issuer-cert and its kind belong to --target or --client-trigger")
            }
            return
        }
        guard triggerMode == .each || clientTrigger != nil else {
            throw ValidationError("--trigger-mode belongs to --client-trigger")
        }
        guard target == nil || clientTrigger == nil else {
            throw ValidationError("--target and --client-trigger are two runs: each has its own test authority")
        }
        guard (issuerCert == nil) == (issuerKey == nil) else {
            throw ValidationError("--issuer-cert and --issuer-key belong together")
        }
        guard path.hasPrefix("/"), path.allSatisfy({ $0.isASCII && !$0.isWhitespace && !$0.isNewline }) else {
            throw ValidationError(
                "--path is “\(path)”; it begins with / and has neither blanks nor letters beyond ASCII"
            )
        }
        guard user.map({ !$0.isEmpty && !$0.utf8.contains(0) && speaks == .postgres }) ?? true else {
            throw ValidationError("--user belongs to --speaks postgres, and names a user of the database")
        }
        guard (0...3600).contains(wait) else { throw ValidationError("--wait is \(wait); it must be from 0 to 3600 s") }
        guard silence > 0 else { throw ValidationError("--silence is \(silence); it must be at least 1 ms") }
        if target != nil {
            guard issuerCert != nil else {
                throw ValidationError("--target needs --issuer-cert and --issuer-key: a test authority that it trusts")
            }
            guard mode != nil || !host.isEmpty else {
                let modes = ClientAuthMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--target needs --mode, what it is to do about client certificates: \(modes)")
            }
        }
        guard crl == nil || target != nil else { throw ValidationError("--crl belongs to --target") }
        try validateHosts()
    }

    private func validateHosts() throws {
        guard host.isEmpty || target != nil else { throw ValidationError("--host belongs to --target") }
        guard host.isEmpty || mode == nil && serverName.isEmpty else {
            throw ValidationError(
                "--host has both a name and its mode; leave out --mode and --server-name, and give each host as NAME=MODE"
            )
        }
        guard serverName.count <= 1 || target != nil else {
            throw ValidationError("a client command takes one --server-name, found \(serverName.count)")
        }
        var known: Set<Stack> = []
        for name in host.map(\.name) + serverName where !known.insert(.target(host: name)).inserted {
            throw ValidationError("the host \(name) is given twice; give each host once, with one mode")
        }
    }

    /// The hosts, where there are several.
    private var hosts: [LiveHost] {
        guard host.isEmpty, let mode, serverName.count > 1 else { return host }
        return serverName.map { LiveHost(name: $0, mode: mode) }
    }

    /// The peer as the arguments name it; nil without one.
    var request: LiveRequest? {
        guard isGiven else { return nil }
        var request = LiveRequest()
        request.target = target
        request.clientTrigger = clientTrigger
        request.triggerTakesLines = triggerMode == .lines
        request.issuerCert = issuerCert
        request.issuerKey = issuerKey
        request.mode = mode
        request.hosts = hosts
        request.serverName = serverName.first
        request.ca = ca
        request.crl = crl
        request.speaks = speaks
        request.implementation = implementation
        request.silence = silence
        request.path = path
        request.user = user
        request.wait = wait
        return request
    }
}

/// How the command of a client is used.
enum TriggerMode: String, CaseIterable, ExpressibleByArgument {
    case each
    case lines
}

extension Conversation: ExpressibleByArgument {}

extension LiveHost: ExpressibleByArgument {
    package init?(argument: String) {
        guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex,
            let mode = ClientAuthMode(rawValue: String(argument[argument.index(after: equals)...]))
        else { return nil }
        self.init(name: String(argument[..<equals]), mode: mode)
    }
}
