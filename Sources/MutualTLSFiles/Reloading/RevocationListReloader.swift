public import Logging
public import MutualTLS

/// Keeps revocation lists up to date with their files.
///
/// It is a `RevocationListProvider`: with it in the settings, each handshake looks into the last good lists. A
/// connection that is established stays, and no session is resumed under other lists than those of its full handshake.
///
/// ```swift
/// settings.revocation = .leaf(from: try RevocationListReloader(files, at: now))
/// ```
public typealias RevocationListReloader = FileReloader<RevocationListSet>

extension FileReloader where Value == RevocationListSet {
    /// Reads the files, and throws if they can't be used: there are no last good lists yet.
    public convenience init(
        _ files: RevocationListFiles,
        at now: Timestamp,
        logger: Logger? = nil
    ) throws(MutualTLSFilesError) {
        try self.init(
            "revocation lists",
            paths: files.paths,
            at: now,
            logger: logger,
            isSame: { $0 == $1 },
            read: { () throws(MutualTLSFilesError) in
                let reading = try files.read()
                return Reading(value: RevocationListSet(reading.value), warnings: reading.warnings)
            }
        )
    }

    /// Gives the manager the lists now and with each update. The manager lives as long as the reloader.
    public func keepUpdated(_ manager: RevocationListManager) {
        keepUpdated { set in
            guard manager.revocationLists != set else { return }
            manager.update(set)
        }
    }
}

extension FileReloader: RevocationListProvider where Value == RevocationListSet {
    /// The last good lists.
    public var revocationLists: RevocationListSet { value }
}
