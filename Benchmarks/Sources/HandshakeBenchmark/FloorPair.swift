import CFloor
import Foundation
import MutualTLS

/// A server and a client of bare libssl, in C, with the same files.
final class FloorPair: Subject {
    private let floor: OpaquePointer

    init(_ version: TLSVersion, _ credentials: Credentials, _ sessions: CFloorSessions) throws {
        guard let pki = CFloorPKI_read(credentials.folder.path) else {
            throw BenchmarkError.handshake("bare libssl can't read the files")
        }
        defer { CFloorPKI_free(pki) }
        var settings = CFloorSettings(
            server_is_gnutls: 0,
            client_is_gnutls: 0,
            version: version == .tls12 ? 0x0303 : 0x0304,
            mode: CFloorRequireAndVerifyClientCert,
            sessions: sessions,
            has_decoded_keys: 0
        )
        guard let floor = CFloor_new(&settings, pki) else {
            throw BenchmarkError.handshake("bare libssl refuses the files")
        }
        self.floor = floor
    }

    deinit {
        CFloor_free(floor)
    }

    func handshake(resuming: Bool) throws -> Bool {
        guard let connection = CFloor_open(floor, resuming ? 1 : 0) else {
            throw BenchmarkError.handshake("bare libssl failed")
        }
        defer { CFloorConnection_free(connection) }
        return CFloorConnection_is_resumed(connection) != 0
    }
}
