internal import ArgumentParser
internal import Campaign
internal import MutualTLS

/// `countersign serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves mutual TLS with the library, and prints a line for each connection.",
        discussion: """
            An accepted client gets one line, `hello` and the common name of its certificate or `hello anonymous`, and \
            then an echo of what it sends. Under RequestClientCert and RequireAnyClientCert the name is unverified: \
            `verified` in the connection's line tells verified certificates apart.

            A connection's line is printed once its outcome is known: after the handshake, or at the failure. Ctrl-C \
            ends the server with 0.

            Example: countersign serve --cert server.crt --key server.key --client-auth RequireAndVerifyClientCert \
            --client-ca root.crt --json

            Example: countersign serve --cert server.crt --key server.key --client-auth NoClientCert --weaker-default \
            --host admin.example.test=server.crt,server.key,RequireAndVerifyClientCert,root.crt
            """
    )

    @Option(help: ArgumentHelp("The address to listen on; port 0 picks a free port.", valueName: "host:port"))
    var listen = "127.0.0.1:0"

    @Option(
        help: ArgumentHelp(
            "The server's certificate in PEM; its intermediates may follow it in the file.",
            valueName: "file"
        )
    )
    var cert: String

    @Option(help: ArgumentHelp("The private key of the certificate in PEM.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Intermediates in PEM, if they are in a separate file.", valueName: "file"))
    var chain: String?

    @Option(
        help: ArgumentHelp(
            "The client authentication mode: \(ClientAuth.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "mode"
        )
    )
    var clientAuth: String

    @Option(
        help: ArgumentHelp(
            "Authorities or pinned certificates for clients, in PEM; may be repeated.",
            valueName: "file"
        )
    )
    var clientCA: [String] = []

    @Option(
        help: ArgumentHelp(
            "Another identity for a name, or a wildcard, in SNI; may be repeated.",
            valueName: "name=cert,key"
        )
    )
    var sni: [String] = []

    @Option(
        help: ArgumentHelp(
            "A name, or a wildcard, with an identity, a mode and authorities of its own; may be repeated.",
            valueName: "name=cert,key,mode[,ca]"
        )
    )
    var host: [String] = []

    @Flag(
        help:
            "Lets --client-auth be weaker than the mode of a --host: clients with another name or none avoid that host's mode."
    )
    var weakerDefault = false

    @OptionGroup var versions: VersionOptions

    @Option(
        help: ArgumentHelp(
            "Revocation lists for clients, in PEM; may be repeated.",
            valueName: "file"
        )
    )
    var crl: [String] = []

    @Option(
        help: ArgumentHelp(
            "How long a session can be resumed after its full handshake, up to 604800; off by default.",
            valueName: "seconds"
        )
    )
    var sessionLifetime: Int?

    @Flag(
        help:
            "Reads the files of --cert, --key, --chain, --sni and --host again for each connection; after a bad change the last good identity stays."
    )
    var reload = false

    @Flag(help: "Writes JSON lines.")
    var json = false

    func run() async throws {
        let address = try HostAndPort(parsing: listen, option: "--listen", ports: 0...65_535)
        let listenHost = address.host.isEmpty ? "0.0.0.0" : address.host
        let identities = try CredentialLoading.checked { try ServedIdentities(self) }
        let server = try CredentialLoading.checked { try settings(identities).resolve() }
        try await serve(server, identities, listenHost, address.port)
    }
}
