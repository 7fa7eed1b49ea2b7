internal import ConformanceModel

/// One connection of a case as its steps prepare it: the settings that it takes, and what it may resume.
struct PlannedConnection {
    var facts: ConnectionFacts
    /// Whether the client offers the session that it holds.
    var offersSession: Bool
    /// How many changes of settings had an effect until this connection took its own.
    var changes: Int
    /// Which keys protect the server's tickets; a number that grows when they are lost.
    var ticketKeys: Int
    /// Which memory the client keeps its sessions in; a number that grows when it is lost.
    var clientMemory: Int
}
