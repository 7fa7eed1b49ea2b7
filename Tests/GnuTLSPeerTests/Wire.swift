internal import GnuTLSPeer

/// A GnuTLS server and client back to back in memory.
struct Wire {
    let server: GnuTLSSession
    let client: GnuTLSSession

    init(_ server: GnuTLSSession, _ client: GnuTLSSession) {
        self.server = server
        self.client = client
    }

    init(_ server: GnuTLSServerSettings, _ client: GnuTLSClientSettings) throws {
        self.init(try GnuTLSServer(server).makeSession(), try GnuTLSClient(client).makeSession())
    }

    /// Starts the client and moves bytes until both sides are silent.
    @discardableResult
    func run(pieces: Int = .max) -> Wire {
        client.start()
        while moveFlight(from: client, to: server, pieces) || moveFlight(from: server, to: client, pieces) {}
        return self
    }

    /// Moves what one side has to say; false if it is silent.
    @discardableResult
    func moveFlight(from: GnuTLSSession, to: GnuTLSSession, _ pieces: Int = .max) -> Bool {
        let bytes = from.takeOutput()
        var rest = bytes[...]
        while !rest.isEmpty {
            to.receive(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
        }
        return !bytes.isEmpty
    }
}

/// The certificates that most of these tests share, made once.
struct TestPKI: Sendable {
    let root: [UInt8]
    let other: [UInt8]
    let server: GnuTLSCredential
    let server2: GnuTLSCredential
    let valid: GnuTLSCredential
    let untrusted: GnuTLSCredential
    let expired: GnuTLSCredential
    let wrongEKU: GnuTLSCredential

    static let shared = Result { try TestPKI() }

    private init() throws {
        let root = try TestCA.root("Root")
        let other = try TestCA.root("Other")
        let clientAuth = "1.3.6.1.5.5.7.3.2"
        let serverAuth = "1.3.6.1.5.5.7.3.1"
        let serving = TestRecipe(subject: "CN=server", serial: [2], purposes: [serverAuth], dns: ["server.test"])
        self.root = root.der
        self.other = other.der
        server = try root.issue(serving).credential()
        server2 = try root.issue(serving).credential()
        valid = try root.issue(TestRecipe(subject: "CN=valid", serial: [3], purposes: [clientAuth])).credential()
        untrusted = try other.issue(TestRecipe(subject: "CN=untrusted", purposes: [clientAuth])).credential()
        expired = try root.issue(
            TestRecipe(subject: "CN=expired", serial: [4], notAfter: TestRecipe.expired, purposes: [clientAuth])
        ).credential()
        wrongEKU = try root.issue(TestRecipe(subject: "CN=wrong", serial: [5], purposes: [serverAuth])).credential()
    }
}

extension GnuTLSServerSettings {
    /// One version, with the shared server identity and the shared root as the client CA.
    static func shared(
        _ version: GnuTLSVersion = .tls13,
        _ clientAuth: GnuTLSClientAuth = .noClientCert
    ) throws -> GnuTLSServerSettings {
        let pki = try TestPKI.shared.get()
        return GnuTLSServerSettings(
            identity: pki.server,
            clientAuth: clientAuth,
            clientCAs: [pki.root],
            minimumVersion: version,
            maximumVersion: version
        )
    }
}

extension GnuTLSClientSettings {
    /// Verifies the shared server under its name.
    static func shared(
        _ identity: GnuTLSCredential? = nil,
        _ presents: Presents = .always
    ) throws -> GnuTLSClientSettings {
        GnuTLSClientSettings(
            identity: identity,
            presents: presents,
            rootCAs: [try TestPKI.shared.get().root],
            serverName: "server.test"
        )
    }
}
