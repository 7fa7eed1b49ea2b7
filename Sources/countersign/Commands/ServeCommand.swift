internal import ArgumentParser
internal import Campaign
internal import MutualTLS

/// `countersign serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves mutual TLS with the library, one line a connection.",
        discussion: """
            An accepted client is greeted with one line, `hello` and the common name of its certificate, or `hello \
            anonymous`; then what it sends is echoed. RequestClientCert and RequireAnyClientCert greet a certificate \
            that nobody has verified: only `verified` in the connection's line says that it was.

            The line of a connection is printed when its outcome is known: after the handshake, in TLS 1.3 after the \
            client's Finished, or at the failure. Ctrl-C ends the server with 0.

            Example: countersign serve --cert server.crt --key server.key --client-auth RequireAndVerifyClientCert \
            --client-ca root.crt --json

            Example: countersign serve --cert server.crt --key server.key --client-auth NoClientCert --weaker-default \
            --host admin.example.test=server.crt,server.key,RequireAndVerifyClientCert,root.crt
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen = "127.0.0.1:0"

    @Option(help: ArgumentHelp("The server's certificate in PEM, its intermediates may follow it.", valueName: "file"))
    var cert: String

    @Option(help: ArgumentHelp("The private key of the certificate in PEM.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Intermediates in PEM, if they are in a file of their own.", valueName: "file"))
    var chain: String?

    @Option(
        help: ArgumentHelp(
            "What is asked of clients: \(ClientAuth.allCases.map(\.rawValue).joined(separator: ", ")).",
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
        help: "Lets --client-auth ask less than a --host does: clients with another name or none get around that host."
    )
    var weakerDefault = false

    @OptionGroup var versions: VersionOptions

    @Option(
        help: ArgumentHelp(
            "Revocation lists in PEM that verified clients are looked up in; may be repeated.",
            valueName: "file"
        )
    )
    var crl: [String] = []

    @Option(
        help: ArgumentHelp(
            "Lets clients resume a session for so long after its full handshake, up to 604800; off by default.",
            valueName: "seconds"
        )
    )
    var sessionLifetime: Int?

    @Flag(
        help:
            "Looks at the files of --cert, --key, --chain, --sni and the identities of --host anew for each connection; a bad change keeps the last good identity."
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
