import CFloor

/// Bare libssl, with contexts that all connections share. Resumption is as it comes: tickets that hold the session.
final class LibsslSubject: Subject {
    private let floor: OpaquePointer

    init(_ version: Version, resumes: Bool, folder: String) throws {
        guard let pki = CFloorPKI_read(folder) else { throw BenchmarkError.handshake("no certificates") }
        defer { CFloorPKI_free(pki) }
        var settings = CFloorSettings(
            server_is_gnutls: 0,
            client_is_gnutls: 0,
            version: version == .tls12 ? 0x0303 : 0x0304,
            mode: CFloorRequireAndVerifyClientCert,
            sessions: resumes ? CFloorSessionsInTickets : CFloorSessionsOff,
            has_decoded_keys: 0
        )
        guard let floor = CFloor_new(&settings, pki) else { throw BenchmarkError.handshake("no contexts") }
        self.floor = floor
    }

    deinit {
        CFloor_free(floor)
    }

    func open(resuming: Bool) throws -> any Link {
        guard let connection = CFloor_open(floor, resuming ? 1 : 0) else { throw BenchmarkError.handshake("libssl") }
        return LibsslLink(connection, of: self)
    }
}

private final class LibsslLink: Link {
    private let connection: OpaquePointer
    /// A floor outlives its connections.
    private let subject: LibsslSubject

    init(_ connection: OpaquePointer, of subject: LibsslSubject) {
        self.connection = connection
        self.subject = subject
    }

    deinit {
        CFloorConnection_free(connection)
    }

    var isResumed: Bool { CFloorConnection_is_resumed(connection) != 0 }

    /// The floor opens no connection that isn't.
    var isMutual: Bool { true }

    func transfer(_ block: [UInt8]) throws -> Int {
        CFloorConnection_transfer(connection, 1, Int32(block.count)) != 0 ? block.count : 0
    }
}
