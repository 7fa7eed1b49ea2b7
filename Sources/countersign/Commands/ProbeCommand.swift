internal import ArgumentParser
internal import Campaign
internal import ConformanceModel
internal import Diagnostics
internal import MutualTLS
internal import MutualTLSFiles

/// `countersign probe`
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Finds out which client authentication mode a live server really runs.",
        discussion: """
            Connects without a certificate, with a throwaway self-signed one, and without one again, in TLS 1.2 and in \
            TLS 1.3; then with other names, with the sessions that it was given, and with --cert and --key. A silent \
            server gets one HTTP request, since many answer only then. This takes about twenty connections, one after \
            the other.

            --expect ends with 0 when every version that the server speaks runs that mode, with 1 when one runs another \
            mode, and with 3 when the server can't be reached or a version's mode stays unknown. Without it, 0 means \
            that the mode of some version is known. A server that lets a client in under another spelling of the name, \
            without a name, or with another name's session always ends with 1.

            --watch follows a rotation: it reports when new connections get another certificate, and whether the old \
            connection survives. --listen probes clients that connect here: whether they verify their server, and which \
            certificate they present when the server names no authority or a foreign one.

            Example: countersign probe localhost:8443 --expect RequireAndVerifyClientCert
            """
    )

    @Argument(help: ArgumentHelp("The server; brackets around an IPv6 address.", valueName: "host:port"))
    var address: String?

    @Option(help: ArgumentHelp("Probes clients that connect to this address instead.", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("How many clients are probed before the command ends.", valueName: "n"))
    var clients: Int = 2

    @Option(help: ArgumentHelp("The longest time for which a rotation is followed.", valueName: "seconds"))
    var watch: Int?

    @Option(help: ArgumentHelp("The interval between two connections of --watch.", valueName: "milliseconds"))
    var interval: Int = 500

    @Option(help: ArgumentHelp("The name to send as SNI; the host by default.", valueName: "name"))
    var serverName: String?

    @Option(
        help: ArgumentHelp(
            "A client certificate to try; its intermediates may follow it in the file.",
            valueName: "file"
        )
    )
    var cert: String?

    @Option(help: ArgumentHelp("The private key of the certificate.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("starttls"),
        help: "The protocol before TLS begins: nats, postgres, mysql, smtp, imap or ldap."
    )
    var startTLS: StartTLS?

    @Option(help: ArgumentHelp("The mode that the server must run, by Go's name.", valueName: "mode"))
    var expect: ClientAuthMode?

    @Option(help: ArgumentHelp("How long the server may take for each answer.", valueName: "seconds"))
    var patience: Int = 2

    @Flag(help: "Writes one JSON object.")
    var json = false

    func validate() throws {
        guard (cert == nil) == (key == nil) else { throw ValidationError("give both --cert and --key, or neither") }
        guard (address == nil) != (listen == nil) else { throw ValidationError("give HOST:PORT, or --listen") }
        guard listen == nil || (watch == nil && expect == nil && startTLS == nil) else {
            throw ValidationError("--listen goes with neither --watch, nor --expect, nor --starttls")
        }
        guard (1...86_400).contains(watch ?? 1), (20...60_000).contains(interval), (1...1000).contains(clients) else {
            throw ValidationError("expected --watch 1 to 86400, --interval 20 to 60000, --clients 1 to 1000")
        }
        guard (1...600).contains(patience) else {
            throw ValidationError("--patience is \(patience); expected 1 to 600 seconds")
        }
    }

    func run() throws {
        let identity = try CredentialLoading.checked {
            try cert.flatMap { cert in
                try key.map { key in
                    try IdentityFiles(certificate: cert, privateKey: key).load(logger: CredentialLoading.logger())
                }
            }
        }
        if let listen {
            try askClients(on: listen, identity)
        } else if let address {
            try askServer(address, identity)
        }
    }
}

extension StartTLS: ExpressibleByArgument {}
extension ClientAuthMode: ExpressibleByArgument {}
