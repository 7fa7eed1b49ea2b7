import CEngineFloor

/// Bare libssl, with contexts that all connections share.
final class LibsslSubject: Subject {
    private let settings: CEngineFloorCase
    private let pki: OpaquePointer

    init(_ version: Version) throws {
        guard let pki = CEngineFloorPKI_mint() else { throw BenchmarkError.handshake("no certificates") }
        self.pki = pki
        settings = CEngineFloorCase(
            server_is_gnutls: 0,
            client_is_gnutls: 0,
            version: version == .tls12 ? 0x0303 : 0x0304,
            mode: CEngineFloorRequireAndVerifyClientCert,
            client_has_certificate: 1,
            shares_contexts: 1
        )
    }

    deinit {
        CEngineFloorPKI_free(pki)
    }

    func open(resuming: Bool) throws -> any Link {
        var settings = settings
        guard let connection = CEngineFloor_open(&settings, pki) else { throw BenchmarkError.handshake("libssl") }
        return LibsslLink(connection)
    }
}

private final class LibsslLink: Link {
    let isResumed = false
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer) {
        self.connection = connection
    }

    deinit {
        CEngineFloorConnection_free(connection)
    }

    func transfer(_ block: [UInt8]) throws -> Int {
        CEngineFloorConnection_transfer(connection, 1, Int32(block.count)) != 0 ? block.count : 0
    }
}
