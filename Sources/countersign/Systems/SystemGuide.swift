internal import Glibc

/// A command that a reader can type while a system runs.
struct SystemCommandLine: Encodable {
    /// The command, to be run in the system's folder.
    var run: String
    /// A text that is in its output.
    var shows: String
    /// Whether it ends with 0.
    var succeeds: Bool
    /// The reason, a sentence.
    var why: String
    /// The program that it needs, and that may have to be installed.
    var needs: String
}

/// The guide of `system` for its reader: where a system listens, and which commands show what it does.
struct SystemGuide: Encodable, CustomStringConvertible {
    let event = "ready"
    var system: String
    var folder: String
    var configuration: String
    var host: String
    var port: Int
    var events: [String]
    var commands: [SystemCommandLine]

    init(_ system: DocumentedSystem, _ folder: SystemFolder, port: Int, events: [String]) {
        self.system = system.rawValue
        self.folder = folder.path
        configuration = system.configurationFile
        host = "localhost"
        self.port = port
        self.events = events
        commands = system.commands(port: port)
    }

    /// The line that says that it is ready.
    var readyLine: String { "\(system) ready on \(host):\(port), folder \(folder)" }

    /// The whole of it, for people.
    var description: String {
        let about = DocumentedSystem(rawValue: system)?.about(port: port) ?? ""
        let shown = commands.map { command in
            let outcome =
                command.succeeds ? command.shows : "fails" + (command.shows.isEmpty ? "" : ": \(command.shows)")
            return "  \(command.run)\n    # \(outcome)\n    # \(command.why)"
        }
        let happened = events.isEmpty ? "" : events.map { "- \($0)" }.joined(separator: "\n") + "\n\n"
        return """
            \(about)

            \(readyLine)
            It was started from \(configuration) in that folder; its keys are for trying out and for nothing else.

            \(happened)In that folder:

            \(shown.joined(separator: "\n\n"))

            Ctrl-C stops it.
            """
    }
}

extension DocumentedSystem {
    fileprivate func about(port: Int) -> String {
        switch self {
        case .ergo:
            "Two nodes of an Ergo cluster. Each has a certificate of the cluster's authority, verifies the other one by it, "
                + "and lets nobody else in."
        case .nats:
            "server-main and its clients client-a and client-b. The server asks for a certificate of clients.pem's authority "
                + "(verify: true), after an INFO in plain text."
        case .http:
            "The HTTPS server of the tutorial with Go's net/http. It greets each client by the common name of its "
                + "certificate.\nServer listening on :\(port) with mTLS enabled..."
        case .gateway:
            "An IAM service behind mutual TLS, and a gateway that calls it with a client certificate and signed requests."
        }
    }

    fileprivate func commands(port: Int) -> [SystemCommandLine] {
        switch self {
        case .ergo: Self.ergoCommands(port)
        case .nats: Self.natsCommands(port)
        case .http: Self.httpCommands(port)
        case .gateway: Self.gatewayCommands(port)
        }
    }

    private static func ergoCommands(_ port: Int) -> [SystemCommandLine] {
        let program = SystemFolder.program
        return [
            SystemCommandLine(
                run: "\(program) connect localhost:\(port) --ca cluster-ca.pem --cert node-b.pem --key node-b-key.pem",
                shows: "hello node-b, this is node-a@localhost",
                succeeds: true,
                why: "node-a knows its caller by a verified certificate.",
                needs: "countersign"
            ),
            SystemCommandLine(
                run: "\(program) connect localhost:\(port) --ca cluster-ca.pem --cert stranger.crt --key stranger.key",
                shows: "unknown_ca",
                succeeds: false,
                why: "Only certificates of the cluster's authority connect.",
                needs: "countersign"
            ),
            SystemCommandLine(
                run: "openssl s_client -connect localhost:\(port) -CAfile cluster-ca.pem -cert node-b.pem "
                    + "-key node-b-key.pem -verify_return_error < /dev/null",
                shows: "Verify return code: 0 (ok)",
                succeeds: true,
                why: "OpenSSL as the calling node: the listening one shows a certificate of the cluster's authority.",
                needs: "openssl"
            ),
            SystemCommandLine(
                run: "cp new.pem node-a.pem && cp new-key.pem node-a-key.pem",
                shows: "",
                succeeds: true,
                why: "A rotation without a restart: certManager.Update for new connections; existing ones keep theirs.",
                needs: "cp"
            ),
        ]
    }

    private static func natsCommands(_ port: Int) -> [SystemCommandLine] {
        let options =
            "--server tls://localhost:\(port) --tlscert client-a.pem --tlskey client-a.key --tlsca server-ca.pem"
        return [
            SystemCommandLine(
                run: "python3 talk.py \(port)",
                shows: "client-b heard hello on greetings.b",
                succeeds: true,
                why: "client-a and client-b with nats-py (pip install nats-py).",
                needs: "nats-py"
            ),
            SystemCommandLine(
                run: "nats \(options) pub greetings.b hello",
                shows: "Published 5 bytes",
                succeeds: true,
                why: "client-a with the tools of NATS; `sub 'greetings.>'` in place of `pub` listens.",
                needs: "nats"
            ),
            SystemCommandLine(
                run: "nats --server tls://localhost:\(port) --tlsca server-ca.pem pub greetings.b hello",
                shows: "",
                succeeds: false,
                why: "With verify nobody gets in without a certificate.",
                needs: "nats"
            ),
        ]
    }

    private static func httpCommands(_ port: Int) -> [SystemCommandLine] {
        [
            SystemCommandLine(
                run: "curl --cacert ca.crt --cert client.crt --key client.key https://localhost:\(port)",
                shows: "Hello, alice! You are authenticated.",
                succeeds: true,
                why: "The server verified the certificate, and knows its name.",
                needs: "curl"
            ),
            SystemCommandLine(
                run: "curl --cacert ca.crt https://localhost:\(port)",
                shows: "certificate required",
                succeeds: false,
                why: "RequireAndVerifyClientCert: nobody is served without a certificate.",
                needs: "curl"
            ),
            SystemCommandLine(
                run: "curl --cacert ca.crt --cert stranger.crt --key stranger.key https://localhost:\(port)",
                shows: "unknown ca",
                succeeds: false,
                why: "A certificate of another authority doesn't verify against ClientCAs.",
                needs: "curl"
            ),
            SystemCommandLine(
                // Whether s_client still reads the refusal before it ends, and its exit code with that, is a race.
                run: "openssl s_client -connect localhost:\(port) -CAfile ca.crt < /dev/null 2>&1 "
                    + "| grep -A 1 Acceptable",
                shows: "Acceptable client certificate CA names",
                succeeds: true,
                why:
                    "The server sends the names of its authorities. In TLS 1.3 the refusal comes after the client's handshake.",
                needs: "openssl"
            ),
            SystemCommandLine(
                run: "cp new.crt server.crt && cp new.key server.key",
                shows: "",
                succeeds: true,
                why: "A rotation without a restart: new connections see the new certificate.",
                needs: "cp"
            ),
        ]
    }

    private static func gatewayCommands(_ port: Int) -> [SystemCommandLine] {
        let curl = "curl --cacert certs/ca.crt --connect-to iam.internal:10000:localhost:\(port)"
        let certificate = "--cert certs/client.crt --key certs/client.key"
        return [
            SystemCommandLine(
                run: "\(curl) \(certificate) https://iam.internal:10000/health",
                shows: "ok",
                succeeds: true,
                why: "The documented check, with the service's port put in by --connect-to.",
                needs: "curl"
            ),
            SystemCommandLine(
                run: "\(curl) https://iam.internal:10000/health",
                shows: "certificate required",
                succeeds: false,
                why: "Without this second call the first one proves nothing: a server that asks nobody answers it too.",
                needs: "curl"
            ),
            SystemCommandLine(
                run: "\(curl) \(certificate) https://iam.internal:10000/users",
                shows: "401 Unauthorized",
                succeeds: true,
                why: "The certificate alone is not enough where requests must be signed.",
                needs: "curl"
            ),
            SystemCommandLine(
                run: "node health.js \(port)",
                shows: "200 ok",
                succeeds: true,
                why: "The same with an https.Agent of Node.",
                needs: "node"
            ),
        ]
    }
}

extension SystemFolder {
    /// How this program was called, so that a printed command finds it again from another folder.
    fileprivate static var program: String {
        let name = CommandLine.arguments.first ?? "countersign"
        guard name.contains("/"), let path = realpath(name, nil) else { return name }
        defer { free(path) }
        return String(cString: path)
    }
}
