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
