public import Logging
public import MutualTLS

/// Keeps an identity up to date with its files.
///
/// It is an `IdentityProvider`: give it to a server's or client's settings, or have it update managers.
public typealias IdentityReloader = FileReloader<Identity>

extension FileReloader where Value == Identity {
    /// Reads the files, and throws if they can't be used: there is no last good identity yet.
    public convenience init(
        _ files: IdentityFiles,
        at now: Timestamp,
        logger: Logger? = nil
    ) throws(MutualTLSFilesError) {
        try self.init(
            "identity",
            paths: files.paths,
            at: now,
            logger: logger,
            // The key belongs to the first certificate, so equal chains have equal keys. No digest of a key is kept.
            isSame: { $0.chain == $1.chain },
            read: { () throws(MutualTLSFilesError) in try files.read() }
        )
    }

    /// Gives the manager the identity now and with each update. The manager lives as long as the reloader.
    public func keepUpdated(_ manager: CertManager) {
        keepUpdated { identity in
            guard manager.identity.chain != identity.chain else { return }
            manager.update(identity)
        }
    }

    /// Gives the manager the identity now and with each update. The manager lives as long as the reloader.
    public func keepUpdated(_ manager: CertAuthManager) {
        keepUpdated { identity in
            guard manager.identity.chain != identity.chain else { return }
            manager.update(identity)
        }
    }
}

extension FileReloader: IdentityProvider where Value == Identity {
    /// The last good identity.
    public var identity: Identity { value }
}

/// Keeps a pool of certificates up to date with its files.
///
/// Servers and clients follow it through a `CertAuthManager`, if their settings were made with `.live`; with
/// `.fixedAtStart` they go on with the pool of their start, and the manager logs that.
public typealias PoolReloader = FileReloader<CertificatePool>

extension FileReloader where Value == CertificatePool {
    /// Reads the files, and throws if they can't be used: there is no last good pool yet.
    public convenience init(
        _ files: CertificatePoolFiles,
        at now: Timestamp,
        logger: Logger? = nil
    ) throws(MutualTLSFilesError) {
        try self.init(
            "certificate pool",
            paths: files.paths,
            at: now,
            logger: logger,
            isSame: { $0 == $1 },
            read: { () throws(MutualTLSFilesError) in try files.read() }
        )
    }

    /// Gives the manager the pool that clients are verified against, now and with each update.
    public func keepUpdated(clientCAsOf manager: CertAuthManager) {
        keepUpdated { pool in
            guard manager.clientCAs != pool else { return }
            manager.setClientCAs(pool)
        }
    }

    /// Gives the manager the pool that servers are verified against, now and with each update.
    public func keepUpdated(rootCAsOf manager: CertAuthManager) {
        keepUpdated { pool in
            guard manager.rootCAs != pool else { return }
            manager.setRootCAs(pool)
        }
    }
}

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
