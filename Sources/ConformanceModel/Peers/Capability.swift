/// Something that a case asks of a side, and that a stack may be unable to do.
package enum Capability: String, Hashable, CaseIterable, Codable, Sendable {
    // Roles.
    case server
    case client
    // Modes of client authentication, in Go's words.
    case noClientCert = "NoClientCert"
    case requestClientCert = "RequestClientCert"
    case requireAnyClientCert = "RequireAnyClientCert"
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"
    // Versions, with nothing else allowed.
    case tls12 = "tls1.2"
    case tls13 = "tls1.3"
    /// Server: another identity for each server_name.
    case sniSelection = "sni-selection"
    /// Server: a mode of its own for a server_name.
    case hosts
    /// Server: an unknown server_name ends the handshake.
    case strictSNI = "strict-sni"
    /// Server: a CertificateRequest without CA names although there is a pool.
    case withoutCANames = "without-ca-names"
    /// Server: a pool with nothing in it.
    case emptyPool = "empty-pool"
    /// Client: a certificate goes out whatever CA names the server has sent.
    case presentsAlways = "presents-always"
    /// Client: a certificate goes out only if an issuer in its chain is among the CA names.
    case presentsMatching = "presents-matching"
    /// Client: a server_name that is not the name to verify.
    case sniOverride = "sni-override"
    /// Client: a ClientHello in several records or segments.
    case helloCut = "hello-cut"
    /// Client: no verification of the server.
    case skipVerify = "skip-verify"
    /// Checks revocation against lists that it is given.
    case revocation
    /// Takes another identity while it runs.
    case rotation
    /// More than one connection with one configuration.
    case severalConnections = "several-connections"
    /// Sessions, in either role.
    case resumption

    package init(_ mode: ClientAuthMode) {
        self =
            switch mode {
            case .noClientCert: .noClientCert
            case .requestClientCert: .requestClientCert
            case .requireAnyClientCert: .requireAnyClientCert
            case .verifyClientCertIfGiven: .verifyClientCertIfGiven
            case .requireAndVerifyClientCert: .requireAndVerifyClientCert
            }
    }

    package init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension ConformanceCase {
    /// The capabilities that one side of this case needs, without its control.
    package func needs(of side: Side) -> [Capability] {
        var needs: [Capability] = [side == .server ? .server : .client, Capability(version)]
        switch side {
        case .server: needs += server.needs
        case .client: needs += client.needs
        }
        for case .rotate(let rotation) in steps where rotation.side == side {
            needs.append(.rotation)
            if case .clientAuth(let mode) = rotation.change { needs.append(Capability(mode)) }
        }
        if steps.count(where: \.opensConnection) > 1 { needs.append(.severalConnections) }
        return needs
    }
}

extension ServerSettings {
    /// The capabilities that a server needs for these settings.
    package var needs: [Capability] {
        var needs = [Capability(clientAuth)]
        if !identitiesByName.isEmpty { needs.append(.sniSelection) }
        if !hosts.isEmpty { needs.append(.hosts) }
        if strictSNI { needs.append(.strictSNI) }
        if acceptableCANames == .none, clientAuth.requestsCertificate, clientCAs?.isEmpty == false {
            needs.append(.withoutCANames)
        }
        if clientCAs?.isEmpty == true { needs.append(.emptyPool) }
        if revocation != .off || !revocationLists.isEmpty { needs.append(.revocation) }
        if sessions != nil { needs.append(.resumption) }
        return needs
    }
}

extension ClientSettings {
    /// The capabilities that a client needs for these settings.
    package var needs: [Capability] {
        var needs: [Capability] = []
        if identity != nil { needs.append(presents == .always ? .presentsAlways : .presentsMatching) }
        if rootCAs?.isEmpty == true { needs.append(.emptyPool) }
        if sniOverride != nil { needs.append(.sniOverride) }
        if helloCut != nil { needs.append(.helloCut) }
        if insecureSkipVerify { needs.append(.skipVerify) }
        if revocation != .off || !revocationLists.isEmpty { needs.append(.revocation) }
        if sessions != nil { needs.append(.resumption) }
        return needs
    }
}

/// A server's name in the forms that programs take it in, which have one option for host names and another for addresses.
extension ClientSettings {
    /// The expected address without the brackets of URLs; nil for a host name.
    package var serverAddress: String? {
        guard let serverName else { return nil }
        var text = serverName[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return IPAddress(String(text)) == nil ? nil : String(text)
    }

    /// The expected host name; nil for an address, and without a name.
    package var serverHostName: String? {
        guard let serverName, !serverName.isEmpty, serverAddress == nil else { return nil }
        return serverName
    }
}
