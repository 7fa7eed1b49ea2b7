extension Rule {
    /// The sentences of the rules on rotation, clocks and sessions, with their citations.
    static let timelineText: [Rule: Text] = [
        .rotationNewConnections: Text(
            "A connection after a rotation presents the new identity.",
            "Go tls.Config.GetCertificate is called anew"
        ),
        .rotationServerSnapshot: Text(
            "A server's handshake uses the identity at the time of the ClientHello.",
            "RFC 8446 section 4.4.2: one flight"
        ),
        .rotationClientSnapshot: Text(
            "A client's handshake uses the identity at the time when it began.",
            "one handshake, one snapshot"
        ),
        .rotationExistingConnections: Text(
            "An established connection keeps its certificate and continues.",
            "RFC 8446 section 4.6: no re-authentication"
        ),
        .rotationMismatchRefused: Text(
            "A rotation to an unmatched key is refused, and the last good identity stays.",
            "Go crypto/tls X509KeyPair"
        ),
        .rotationClientHelloComplete: Text(
            "A server uses the settings at the time when the ClientHello is complete.",
            "RFC 8446 section 5.1: a message is processed when it is whole; Go Config.GetConfigForClient"
        ),
        .rotationFixedPools: Text(
            "Pools, mode and server name that are fixed at the start change only with a restart.",
            "Ergo documentation, network stack, mutual TLS: CA pools are fixed at startup"
        ),
        .rotationLivePools: Text(
            "Pools, mode and server name that are live are read by each handshake.",
            "Ergo documentation, CertAuthManager: re-read per handshake; Go Config.GetConfigForClient"
        ),
        .rotationRestart: Text(
            "A restart reads the settings that were fixed at the start.",
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
            "A resumed connection has the peers of the full handshake of its session.",
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
            "A session ends when the server's mode changes, so that no ticket bypasses the new mode.",
            "CVE-2025-23419; CVE-2025-23048; RFC 8446 section 4.6.1"
        ),
        .resumptionClientCAs: Text(
            "A session ends when the pool for verifying clients changes.",
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
            "A session ends when the pool for verifying the server changes.",
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
            "A session ends when a certificate of its full handshake expires.",
            "RFC 8446 section 4.6.1; CVE-2025-68121"
        ),
        .resumptionRevoked: Text(
            "A session ends when a certificate of its full handshake is revoked, or its status becomes unknown.",
            "RFC 8446 section 4.6.1: the likelihood of intervening revocation; RFC 5280 section 6.3"
        ),
        .resumptionRefusedClient: Text(
            "A client that was refused doesn't get in by a session of that attempt.",
            "RFC 8446 section 4.6.1; RFC 5246 section 7.2.2: a session that a fatal alert has ended isn't resumed"
        ),
    ]
}
