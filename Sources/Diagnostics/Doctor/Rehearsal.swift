internal import Glibc
internal import MutualTLS
internal import ThrowawayPKI

/// A handshake in memory with the files as they are, against a throwaway peer that verifies them.
///
/// It finds what no look at a single file shows: path lengths, name constraints, purposes along the chain, revocation.
struct Rehearsal {
    var identity: Identity
    var role: CertificateChecks.Role
    var authorities: CertificatePool
    var revocation: RevocationPolicy
    /// The name that a client dials; without one, the first of the certificate.
    var name: ServerName?
    var now: Timestamp

    /// Why a peer that trusts the authorities refuses the identity; nil when it accepts it.
    func refusal() throws -> ConnectionFailure? {
        let clock: @Sendable () -> Timestamp = { [now] in now }
        let peer = try Self.peer(now: now)
        var server = MutualTLSConfiguration.Server(identity: role == .server ? identity : peer, currentTime: clock)
        var client = MutualTLSConfiguration.Client(identity: role == .client ? identity : peer, currentTime: clock)
        client.insecureSkipVerify = role == .client
        switch role {
        case .client:
            server.clientAuth = .requireAndVerifyClientCert
            server.clientCAs = authorities
            server.revocation = revocation
            client.serverName = try ServerName("peer.test")
        case .server:
            client.rootCAs = authorities
            client.revocation = revocation
            let first = identity.certificate.dnsNames.first ?? identity.certificate.ipAddresses.first ?? "peer.test"
            client.serverName = try name ?? ServerName(first.hasPrefix("*.") ? "a" + first.dropFirst() : first)
        }
        let accepting = try server.resolve().makeConnection()
        let dialing = try client.resolve().makeConnection()
        dialing.start()
        // Each turn moves one flight; a handshake has six at the most.
        for _ in 0..<12 {
            accepting.receive(dialing.takeOutput())
            dialing.receive(accepting.takeOutput())
        }
        return role == .client ? accepting.failure : dialing.failure
    }

    private static func peer(now: Timestamp) throws -> Identity {
        let recipe = Recipe(certificates: [CertificateRecipe(name: "peer", dnsNames: ["peer.test"])])
        let pki = try PKI.mint(recipe, now: now.secondsSinceEpoch, seed: 1, keys: KeyPool())
        guard let entity = pki["peer"] else {
            throw DiagnosticsError.lostIdentity
        }
        return try Identity(
            chain: [Certificate(der: entity.certificateDER)],
            privateKey: PrivateKey(der: entity.privateKeyPKCS8)
        )
    }
}

extension ConnectionFailure.Reason {
    /// The failure mode behind a refusal in a rehearsal.
    func failureMode(_ role: CertificateChecks.Role) -> String {
        switch self {
        case .unknownAuthority: "cred-wrong-ca"
        case .invalidAuthority: "path-non-ca-issuer"
        case .pathLength: "path-pathlen"
        case .expired: role == .client ? "cred-expired-client" : "cred-expired-server"
        case .notYetValid: "cred-not-yet-valid"
        case .revoked: "path-crl-revoked"
        case .noRevocationInformation: "path-crl-missing"
        case .purpose: "path-ca-eku-nesting"
        case .keyUsage: "cred-keyusage-no-digitalsignature"
        case .nameMismatch: "name-wrong-host"
        case .criticalExtension: "cred-critical-unknown-extension"
        case .nameConstraint: "path-nc-san-violation"
        case .keyTooSmall: "cred-weak-rsa1024"
        default: "proto-alert-divergence"
        }
    }
}
