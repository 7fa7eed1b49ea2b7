extension MutualTLSClient {
    /// The sessions that could be offered later, as bytes to keep until ``importSessions(_:)``; without a session
    /// policy there are none.
    ///
    /// They hold the sessions' secrets: whoever reads them can resume the sessions in this client's place, and whoever
    /// writes them decides which servers it takes for verified. Keep them like a private key, in a file of mode 0600.
    public func exportSessions() -> [UInt8] {
        SessionArchive.bytes(of: plan.sessions?.all ?? [])
    }

    /// Adds sessions that ``exportSessions()`` has made, in this process or an earlier one.
    ///
    /// Those that this client's settings would not have made are kept and never offered, so one file may serve several
    /// servers. It throws ``MutualTLSError/Code/undecodableSessions`` for bytes that are something else, and takes
    /// none of them then.
    public func importSessions(_ bytes: [UInt8]) throws(MutualTLSError) {
        let sessions = try SessionArchive.sessions(in: bytes)
        plan.sessions?.add(sessions)
    }
}
