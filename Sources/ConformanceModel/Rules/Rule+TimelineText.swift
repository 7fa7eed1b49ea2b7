extension Rule {
    /// What the rules on rotation, clocks and sessions say, and where that is written.
    static let timelineText: [Rule: Text] = [
        .rotationNewConnections: Text(
            "A connection made after a rotation shows the new identity.",
            "Go tls.Config.GetCertificate is called anew"
        ),
        .rotationServerSnapshot: Text(
            "A server's handshake keeps the identity of the moment of its ClientHello.",
            "RFC 8446 section 4.4.2: one flight"
        ),
        .rotationClientSnapshot: Text(
            "A client's handshake keeps the identity of the moment that it began.",
            "one handshake, one snapshot"
        ),
        .rotationExistingConnections: Text(
            "An established connection keeps its certificate and goes on.",
            "RFC 8446 section 4.6: no re-authentication"
        ),
        .rotationMismatchRefused: Text(
            "A rotation to an unmatched key is refused, and the last good identity stays.",
            "Go crypto/tls X509KeyPair"
        ),
        .rotationClientHelloComplete: Text(
            "A server that has a part of a ClientHello still takes the new settings when it has all of it.",
            "RFC 8446 section 5.1: a message is processed when it is whole; Go Config.GetConfigForClient"
        ),
        .rotationFixedPools: Text(
            "Pools, mode and server name that are fixed at the start change with a restart alone.",
            "Ergo documentation, network stack, mutual TLS: CA pools are fixed at startup"
        ),
        .rotationLivePools: Text(
            "Pools, mode and server name that are live are taken anew by each handshake.",
            "Ergo documentation, CertAuthManager: re-read per handshake; Go Config.GetConfigForClient"
        ),
        .rotationRestart: Text(
            "A restart reads anew what was fixed at the start.",
            "Ergo documentation, network stack, mutual TLS: restart to change CA pools"
        ),
        .clockAdvances: Text(
            "Certificates, revocation lists and sessions are judged at the time of the connection.",
            "RFC 5280 section 6.1.1 (b), 6.1.3 (a)(2); RFC 8446 section 4.6.1"
        ),
        .resumptionResumes: Text(
            "A session is resumed if nothing has changed that it was granted under.",
            "RFC 8446 section 2.2; RFC 5077 section 3.1"
        ),
        .resumptionKeepsPeer: Text(
            "A resumed connection has the peers of the full handshake that its session comes from.",
            "RFC 8446 section 4.6.1; RFC 5077 section 4: the ticket holds the client's identity"
        ),
        .resumptionOff: Text(
            "Without sessions on both sides every handshake is a full one.",
            "RFC 8446 section 4.6.1: a server MAY send a ticket; RFC 5077 section 3.2"
        ),
        .resumptionLifetime: Text(
            "A session ends with its lifetime, counted from the full handshake, however often it is resumed.",
            "RFC 8446 section 4.6.1: ticket_lifetime, and limits on the total lifetime of keying material"
        ),
        .resumptionRestart: Text(
            "A session ends when its ticket key or the memory that holds it is gone.",
            "RFC 5077 section 5.5; RFC 8446 section 4.2.11: an unknown PSK means a full handshake"
        ),
        .resumptionClientAuthPolicy: Text(
            "A session ends when the server's mode changes, so that no ticket goes round the new one.",
            "CVE-2025-23419; CVE-2025-23048; RFC 8446 section 4.6.1"
        ),
        .resumptionClientCAs: Text(
            "A session ends when the pool changes that clients are verified against.",
            "CVE-2025-68121; golang/go#77113"
        ),
        .resumptionServerIdentity: Text(
            "A session ends when the server's identity changes: the server must show the new one.",
            "RFC 8446 section 4.6.1: lifetime of the peer's certificate"
        ),
        .resumptionClientIdentity: Text(
            "A session ends when the client's identity changes: the client must show the new one.",
            "RFC 8446 section 4.6.1: the ticket is bound to the client's identity; RFC 5077 section 4"
        ),
        .resumptionRootCAs: Text(
            "A session ends when the pool changes that the server was verified against.",
            "CVE-2025-68121; golang/go#77217"
        ),
        .resumptionServerName: Text(
            "A client offers no session to a name that the certificate of the session lacks.",
            "RFC 8446 section 4.6.1: clients MUST only resume if the new SNI is valid for the original certificate"
        ),
        .resumptionOfferedName: Text(
            "A client offers a session only under the name that it was granted for.",
            "RFC 8446 section 4.6.1: SHOULD, also where the certificate has both names"
        ),
        .resumptionSNI: Text(
            "A server resumes a session only under the server_name that it was granted for.",
            "RFC 6066 section 3: MUST NOT accept the request to resume; RFC 8446 section 4.6.1; CVE-2025-23419"
        ),
        .resumptionExpired: Text(
            "A session ends when a certificate expires that it rests on.",
            "RFC 8446 section 4.6.1; CVE-2025-68121"
        ),
        .resumptionRevoked: Text(
            "A session ends when a certificate is revoked that it rests on, or its status is no longer known.",
            "RFC 8446 section 4.6.1: the likelihood of intervening revocation; RFC 5280 section 6.3"
        ),
    ]
}
