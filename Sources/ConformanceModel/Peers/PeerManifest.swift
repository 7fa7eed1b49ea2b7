/// The manifest of one stack that plays as a program of its own: scenarios/peers/NAME/peer.yaml.
package struct PeerManifest: Hashable, Codable, Sendable {
    /// The name in case ids, reports and options.
    package var stack: Stack
    package var title: String
    /// The stack whose deviations hold for this one: itself, unless it is another version of one.
    package var implementation: Stack
    /// The folder of the manifest, absolute.
    package var folder: String
    /// The package to install, for people, for example `golang-go`.
    package var package: String
    /// The program without which the stack is missing: a name in PATH, or a path relative to the manifest.
    package var program: String
    package var version: VersionQuery
    /// How a driver is built, when it is not a script.
    package var build: [String]?
    /// The command line of a driver; nil for programs that are launched for each configuration.
    package var driver: [String]?
    /// Environment variables of every command of the stack.
    package var environment: [String: String]
    /// The conversations of a driver.
    package var speaks: [Conversation]
    package var server: ProgramPlan?
    package var client: ProgramPlan?
    package var lacks: [Lack]
    /// A server that runs already, and that nothing is started for.
    package var endpoint: LiveEndpoint?
    /// How a client that somebody else has is made to connect.
    package var trigger: TriggerCommand?
    /// Whether nobody knows which stack it is: verdicts are compared, and alerts, which differ from stack to stack, are
    /// shown alone.
    package var isAnonymous = false

    package init(
        stack: Stack,
        title: String,
        implementation: Stack,
        folder: String,
        package: String,
        program: String,
        version: VersionQuery,
        build: [String]? = nil,
        driver: [String]? = nil,
        environment: [String: String],
        speaks: [Conversation],
        server: ProgramPlan? = nil,
        client: ProgramPlan? = nil,
        lacks: [Lack],
        endpoint: LiveEndpoint? = nil,
        trigger: TriggerCommand? = nil,
        isAnonymous: Bool = false
    ) {
        self.stack = stack
        self.title = title
        self.implementation = implementation
        self.folder = folder
        self.package = package
        self.program = program
        self.version = version
        self.build = build
        self.driver = driver
        self.environment = environment
        self.speaks = speaks
        self.server = server
        self.client = client
        self.lacks = lacks
        self.endpoint = endpoint
        self.trigger = trigger
        self.isAnonymous = isAnonymous
    }

    /// The roles that the manifest has words for.
    package var roles: [Side] {
        if endpoint != nil { return [.server] }
        return driver == nil
            ? [server.map { _ in .server }, client.map { _ in .client }].compactMap(\.self)
            : Side.allCases.filter { lack(of: $0 == .server ? .server : .client) == nil }
    }

    /// The conversations in a role.
    package func speaks(as side: Side) -> [Conversation] {
        if endpoint != nil { return side == .server ? speaks : [] }
        return driver == nil ? (side == .server ? server : client).map { [$0.speaks] } ?? [] : speaks
    }

    /// Why the stack can't do something, or nil when it can.
    package func lack(of capability: Capability, as side: Side? = nil) -> Lack? {
        lacks.first { $0.capabilities.contains(capability) && ($0.side == nil || side == nil || $0.side == side) }
    }

    /// Why the stack can't play a side that needs all of these; nil when it can.
    package func refusal(of needs: [Capability], as side: Side) -> String? {
        for need in needs {
            if need == .hosts, endpoint == nil {
                return "\(stack.rawValue) has one mode for all names, as it is configured here"
            }
            if let lack = lack(of: need, as: side) {
                return "\(stack.rawValue) can't do \(need.rawValue) as a \(side.rawValue): \(lack.reason)"
            }
        }
        guard roles.contains(side) else { return "\(stack.rawValue) plays no \(side.rawValue)" }
        return nil
    }
}

/// How a stack tells its version.
package struct VersionQuery: Hashable, Codable, Sendable {
    package var command: [String]
    /// A regular expression whose first group is the version.
    package var pattern: String
    /// The oldest version that the manifest speaks of; nil for any.
    package var minimum: String?

    package init(
        command: [String],
        pattern: String,
        minimum: String? = nil
    ) {
        self.command = command
        self.pattern = pattern
        self.minimum = minimum
    }
}

/// Something that a stack can't be told to do, said in advance and never inferred from a failure.
package struct Lack: Hashable, Codable, Sendable {
    package var capabilities: [Capability]
    /// The role in which it can't; nil for both.
    package var side: Side?
    package var reason: String
    /// A command that proves the claim on the machine at hand.
    package var probe: Probe?

    package init(capabilities: [Capability], side: Side? = nil, reason: String, probe: Probe? = nil) {
        self.capabilities = capabilities
        self.side = side
        self.reason = reason
        self.probe = probe
    }

    package struct Probe: Hashable, Codable, Sendable {
        /// Files in the command's folder, by name.
        package var files: [String: String]
        package var command: [String]
        /// A regular expression that the command's output must match.
        package var says: String

        package init(
            files: [String: String],
            command: [String],
            says: String
        ) {
            self.files = files
            self.command = command
            self.says = says
        }
    }
}

/// The dialogue over an established connection, which proves that both sides count it as accepted.
package enum Conversation: String, Hashable, CaseIterable, Codable, Sendable {
    /// The server sends a line, the client answers with a line.
    case greeting
    /// The client asks with HTTP/1.1, the server answers; a status of 400 or more is a refusal.
    case http
    /// NATS: a plain INFO line before TLS, then CONNECT and PING, which is answered with PONG.
    case nats
    /// PostgreSQL: SSLRequest before TLS, then StartupMessage; an error is a refusal, and a question for a password none.
    case postgres
    /// With a server of which nobody knows what it speaks: it is asked as in HTTP, and whatever it says but a refusal
    /// of the certificate, an end in order, and silence for a while count as acceptance.
    case request

    /// Dialogues that a program can be declared to speak.
    package static let ofManifests: [Conversation] = [.greeting, .http, .nats]
}
