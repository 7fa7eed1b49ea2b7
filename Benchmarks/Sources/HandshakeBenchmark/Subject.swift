import CFloor
import MutualTLS

/// Something whose handshakes are measured: both sides of a connection, back to back in memory on one thread.
protocol Subject {
    /// Plays one handshake; whether it was resumed.
    func handshake(resuming: Bool) throws -> Bool
}

/// The subjects of the measurement, each in every round.
enum Kind: String, CaseIterable {
    /// The library's full handshakes, sessions switched off, and bare libssl's.
    case full
    case floorFull
    /// The library's full handshakes, which end with a ticket for the next.
    case fullWithTicket
    /// The library's resumed handshakes, with sessions of TLS 1.3 that the server keeps.
    case resumed
    /// The library's resumed handshakes, with tickets that hold the session, as servers that share their keys need.
    case resumedFromTicket
    /// Bare libssl's resumed handshakes, as it comes: tickets that hold the session.
    case floorResumed
    /// Bare libssl's resumed handshakes, with sessions that the server keeps.
    case floorResumedKept

    var resumes: Bool {
        switch self {
        case .full, .floorFull, .fullWithTicket: false
        case .resumed, .resumedFromTicket, .floorResumed, .floorResumedKept: true
        }
    }

    func subject(_ version: TLSVersion, _ credentials: Credentials) throws -> any Subject {
        switch self {
        case .full: try LibraryPair(version, credentials, .off, .off)
        case .fullWithTicket, .resumed: try LibraryPair(version, credentials, .scoped(), .scoped())
        case .resumedFromTicket: try LibraryPair(version, credentials, .scoped(capacity: 0), .scoped())
        case .floorFull: try FloorPair(version, credentials, CFloorSessionsOff)
        case .floorResumed: try FloorPair(version, credentials, CFloorSessionsInTickets)
        case .floorResumedKept: try FloorPair(version, credentials, CFloorSessionsKept)
        }
    }
}
