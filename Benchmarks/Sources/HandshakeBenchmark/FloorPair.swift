import CFloor
import Foundation
import MutualTLS

/// A server and a client of bare libssl, in C, with the same files.
final class FloorPair: Subject {
    /// What libssl does about sessions.
    enum Sessions {
        case off
        /// Its default: tickets that hold the session.
        case inTickets
        /// Sessions that the server keeps, and one ticket a handshake.
        case kept
    }

    private let floor: OpaquePointer

    init(_ version: TLSVersion, _ credentials: Credentials, _ sessions: Sessions) throws {
        let paths = ["root.crt", "server.pem", "server.key", "client.pem", "client.key"].map {
            credentials.folder.appending(path: $0).path
        }
        let texts = (paths + ["server.test"]).map { strdup($0) }
        defer { texts.forEach { free($0) } }
        var files = CFloorFiles(
            root: texts[0],
            server_chain: texts[1],
            server_key: texts[2],
            client_chain: texts[3],
            client_key: texts[4],
            server_name: texts[5]
        )
        let policy =
            switch sessions {
            case .off: CFloorSessionsOff
            case .inTickets: CFloorSessionsInTickets
            case .kept: CFloorSessionsKept
            }
        guard let floor = CFloor_new(&files, version == .tls12 ? 0x0303 : 0x0304, policy) else {
            throw BenchmarkError.handshake("bare libssl refuses the files")
        }
        self.floor = floor
    }

    deinit {
        CFloor_free(floor)
    }

    func handshake(resuming: Bool) throws -> Bool {
        let outcome = CFloor_handshake(floor, resuming ? 1 : 0)
        guard outcome != CFloorFailed else { throw BenchmarkError.handshake("bare libssl failed") }
        return outcome == CFloorResumed
    }
}
