extension Rule {
    /// The rule as reports show it.
    package var description: RuleDescription {
        let (sentence, citation) = text
        return RuleDescription(id: rawValue, sentence: sentence, citation: citation)
    }

    private var text: (sentence: String, citation: String) {
        switch self {
        case .configurationClientCAs:
            (
                "A mode that verifies client certificates needs ClientCAs; without them nothing is served.",
                "Go crypto/x509 VerifyOptions.Roots: a nil pool means the system's roots"
            )
        case .configurationRootCAs:
            (
                "A client that verifies its server needs RootCAs; without them nothing is sent.",
                "RFC 5280 section 6.1.1 (d): trust anchor information is an input of path validation"
            )
        case .configurationServerName:
            (
                "A client that verifies its server needs the name to expect; without one nothing is sent.",
                "Go crypto/tls Config.ServerName: required unless InsecureSkipVerify is set; RFC 9525 section 6.1"
            )
        case .configurationInvalidServerName:
            (
                "A server name that can be neither a host name nor an address is refused before any byte.",
                "RFC 6066 section 3: HostName is ASCII, A-labels, without a trailing dot; RFC 1034 section 3.5"
            )
        case .configurationMatchingKey:
            (
                "A side refuses a key that is not the one in its certificate before any byte.",
                "Go crypto/tls X509KeyPair: private key does not match public key; RFC 8446 section 4.4.3"
            )
        case .sniSent:
            ("A client sends the host name that it expects in server_name.", "RFC 6066 section 3")
        case .sniNoAddress:
            ("An IP address is never sent in server_name.", "RFC 6066 section 3: literal addresses are not permitted")
        case .sniExact:
            ("The identity whose name equals server_name, case folded, is served.", "RFC 6066 section 3; RFC 4343")
        case .sniWildcard:
            ("Without an exact name, a wildcard of one label chooses the identity.", "RFC 9525 section 6.3")
        case .sniDefault:
            ("A name that no identity has gets the default identity.", "RFC 6066 section 3; Go Config.getCertificate")
        case .sniStrict:
            (
                "A strict server refuses a name that no identity has with unrecognized_name.",
                "RFC 6066 section 3: fatal alert"
            )
        case .sniAbsent:
            ("Without server_name the default identity is served.", "RFC 6066 section 3")
        case .serverVerified:
            ("A client accepts a server whose chain, time, purpose and name are good.", "RFC 8446 section 4.4.2.4")
        case .serverSkipVerify:
            (
                "With InsecureSkipVerify neither chain nor name is checked, and nothing is reported as verified.",
                "Go crypto/tls Config.InsecureSkipVerify"
            )
        case .serverRejectedBeforeClient:
            (
                "A client that refuses its server's certificate never reveals its own.",
                "RFC 8446 section 4.4.2: the client's Certificate follows the server's Finished; RFC 5246 section 7.3"
            )
        case .nameMatch:
            ("A dNSName matches by ASCII letters of either case, label by label.", "RFC 9525 section 6.3; RFC 4343")
        case .nameMismatch:
            ("A certificate without the expected name is refused with bad_certificate.", "RFC 9525 section 6.6")
        case .nameWildcard:
            ("A wildcard stands for exactly one whole left-most label.", "RFC 9525 section 6.3")
        case .nameTopLevelWildcard:
            (
                "A wildcard directly below a top-level name matches nothing.",
                "RFC 6125 section 7.2; OpenSSL X509_check_host"
            )
        case .nameTrailingDot:
            ("One trailing dot of the expected name is no part of it.", "RFC 6066 section 3; Go hostnameInSNI")
        case .nameNoCommonName:
            ("The subject's common name is never a host name.", "RFC 9525 section 2; Go x509.HostnameError")
        case .nameAddress:
            (
                "An address matches an iPAddress entry alone, brackets aside.",
                "RFC 9525 section 6.4; RFC 2818 section 3.1"
            )
        case .nameAddressMismatch:
            ("An address without an equal iPAddress entry is refused, whatever dNSName says.", "RFC 9525 section 6.4")
        case .clientNotRequested:
            ("NoClientCert: the server asks for nothing, and the client presents nothing.", "Go tls.NoClientCert")
        case .clientRequestOptional:
            ("RequestClientCert: a client without a certificate is accepted.", "RFC 8446 section 4.4.2.4")
        case .clientRequestUnverified:
            ("RequestClientCert: any certificate is accepted, and none counts as verified.", "Go tls.RequestClientCert")
        case .clientRequireAnyMissing:
            (
                "RequireAnyClientCert: no certificate is refused, certificate_required (1.3), handshake_failure (1.2).",
                "RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6"
            )
        case .clientRequireAnyUnverified:
            (
                "RequireAnyClientCert: any certificate is accepted, and none counts as verified.",
                "Go tls.RequireAnyClientCert"
            )
        case .clientVerifyIfGivenOptional:
            ("VerifyClientCertIfGiven: a client without a certificate is accepted.", "Go tls.VerifyClientCertIfGiven")
        case .clientVerifyIfGivenVerifies:
            ("VerifyClientCertIfGiven: a certificate that is given must verify.", "Go tls.VerifyClientCertIfGiven")
        case .clientRequireAndVerifyMissing:
            (
                "RequireAndVerifyClientCert: no certificate is refused, as RequireAnyClientCert refuses it.",
                "RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6"
            )
        case .clientRequireAndVerifyVerifies:
            ("RequireAndVerifyClientCert: the certificate must verify.", "Go tls.RequireAndVerifyClientCert")
        case .clientWithholds:
            (
                "A client that selects by CA names presents nothing when no issuer in its chain is listed.",
                "RFC 8446 section 4.2.4; RFC 5246 section 7.4.4; Go CertificateRequestInfo.SupportsCertificate"
            )
        case .clientNoticesOnFirstRead:
            (
                "In TLS 1.3 a refused client's handshake has succeeded; the alert is on its first read.",
                "RFC 8446 section 4.4.4: the client's Finished ends its handshake; appendix C.4"
            )
        case .clientNoticesInHandshake:
            ("In TLS 1.2 a refused client's handshake fails.", "RFC 5246 section 7.3: the server's Finished comes last")
        case .acceptableCAsDerived:
            (
                "The CertificateRequest lists the subjects of ClientCAs.",
                "RFC 8446 section 4.2.4; RFC 5246 section 7.4.4"
            )
        case .acceptableCAsOmitted:
            ("Without ClientCAs, or by setting, the list is empty, and any CA is acceptable.", "RFC 5246 section 7.4.4")
        case .possession:
            (
                "A signature by another key than the certificate's is refused with decrypt_error.",
                "RFC 8446 section 4.4.3"
            )
        case .pathUnknownAuthority:
            (
                "A certificate without a path to the pool is refused with unknown_ca.",
                "RFC 8446 section 6.2; RFC 5280 6.1"
            )
        case .pathEmptyPool:
            ("An empty pool accepts nobody.", "RFC 5280 section 6.1: no trust anchor, no path")
        case .pathPinnedLeaf:
            ("A leaf in the pool is trusted as it stands, and the chain has length 1.", "Go x509.Certificate.Verify")
        case .pathValid:
            ("A path whose every certificate is good reaches the pool.", "RFC 5280 section 6.1")
        case .pathExpired:
            (
                "An expired certificate is refused with certificate_expired.",
                "RFC 5280 section 6.1.3 (a)(2); RFC 8446 6.2"
            )
        case .pathNotYetValid:
            ("A certificate from the future is refused with certificate_expired.", "RFC 8446 6.2: not currently valid")
        case .pathIssuerExpired:
            (
                "An expired issuer or anchor makes its certificates invalid.",
                "Go x509.Certificate.isValid; RFC 5280 6.1.3"
            )
        case .pathIssuerNotCA:
            ("A certificate that is no CA vouches for none.", "RFC 5280 section 6.1.4 (k)")
        case .pathLength:
            ("pathLenConstraint bounds the intermediates below a CA.", "RFC 5280 section 6.1.4 (l), (m)")
        case .pathNameConstraints:
            (
                "A name outside its CA's constraints is refused with bad_certificate.",
                "RFC 5280 section 4.2.1.10, 6.1.3 (b)"
            )
        case .pathCriticalExtension:
            ("An unknown critical extension is refused with bad_certificate.", "RFC 5280 section 4.2, 6.1.5 (e)")
        case .pathMultipleDefects:
            (
                "With more than one defect the refusal is certain, but not its alert.",
                "RFC 5280 section 6.1: no order is set"
            )
        case .purposeMismatch:
            ("An extended key usage that lacks the side's purpose is refused.", "RFC 5280 section 4.2.1.12")
        case .purposeAbsent:
            ("A certificate without extended key usage serves any purpose.", "RFC 5280 section 4.2.1.12")
        case .purposeAny:
            ("anyExtendedKeyUsage serves any purpose.", "RFC 5280 section 4.2.1.12")
        case .purposeNested:
            ("An issuer's extended key usage limits what it issues.", "Go x509 checkChainForKeyUsage; CA/B BR 7.1.5")
        case .keyUsageUnchecked:
            ("The key usage of a leaf does not decide about its path.", "Go x509.Certificate.Verify checks none")
        case .keySizeUnchecked:
            ("The size of a key does not decide about its path.", "Go x509.Certificate.Verify checks none")
        case .revocationRevoked:
            (
                "A certificate on its issuer's CRL is refused with certificate_revoked.",
                "RFC 5280 section 6.3; RFC 8446 6.2"
            )
        case .revocationUnknown:
            ("Without a CRL of the issuer, checking refuses.", "RFC 5280 section 6.3.3: status UNDETERMINED")
        case .revocationStale:
            ("A CRL past its nextUpdate says nothing, so checking refuses.", "RFC 5280 section 6.3.3 (a), 5.1.2.5")
        case .revocationIntermediate:
            (
                "With the whole chain checked, a revoked intermediate refuses what it issued.",
                "RFC 5280 section 6.1.3 (a)(3)"
            )
        case .rotationNewConnections:
            (
                "A connection made after a rotation shows the new identity.",
                "Go tls.Config.GetCertificate is called anew"
            )
        case .rotationServerSnapshot:
            (
                "A server's handshake keeps the identity of the moment of its ClientHello.",
                "RFC 8446 section 4.4.2: one flight"
            )
        case .rotationClientSnapshot:
            ("A client's handshake keeps the identity of the moment that it began.", "one handshake, one snapshot")
        case .rotationExistingConnections:
            (
                "An established connection keeps its certificate and goes on.",
                "RFC 8446 section 4.6: no re-authentication"
            )
        case .rotationMismatchRefused:
            (
                "A rotation to an unmatched key is refused, and the last good identity stays.",
                "Go crypto/tls X509KeyPair"
            )
        case .rotationClientHelloComplete:
            (
                "A server that has a part of a ClientHello still takes the new settings when it has all of it.",
                "RFC 8446 section 5.1: a message is processed when it is whole; Go Config.GetConfigForClient"
            )
        case .rotationFixedPools:
            (
                "Pools, mode and server name that are fixed at the start change with a restart alone.",
                "Ergo documentation, network stack, mutual TLS: CA pools are fixed at startup"
            )
        case .rotationLivePools:
            (
                "Pools, mode and server name that are live are taken anew by each handshake.",
                "Ergo documentation, CertAuthManager: re-read per handshake; Go Config.GetConfigForClient"
            )
        case .rotationRestart:
            (
                "A restart reads anew what was fixed at the start.",
                "Ergo documentation, network stack, mutual TLS: restart to change CA pools"
            )
        case .clockAdvances:
            (
                "Certificates, revocation lists and sessions are judged at the time of the connection.",
                "RFC 5280 section 6.1.1 (b), 6.1.3 (a)(2); RFC 8446 section 4.6.1"
            )
        case .resumptionResumes:
            (
                "A session is resumed if nothing has changed that it was granted under.",
                "RFC 8446 section 2.2; RFC 5077 section 3.1"
            )
        case .resumptionKeepsPeer:
            (
                "A resumed connection has the peers of the full handshake that its session comes from.",
                "RFC 8446 section 4.6.1; RFC 5077 section 4: the ticket holds the client's identity"
            )
        case .resumptionOff:
            (
                "Without sessions on both sides every handshake is a full one.",
                "RFC 8446 section 4.6.1: a server MAY send a ticket; RFC 5077 section 3.2"
            )
        case .resumptionLifetime:
            (
                "A session ends with its lifetime, counted from the full handshake, however often it is resumed.",
                "RFC 8446 section 4.6.1: ticket_lifetime, and limits on the total lifetime of keying material"
            )
        case .resumptionRestart:
            (
                "A session ends when its ticket key or the memory that holds it is gone.",
                "RFC 5077 section 5.5; RFC 8446 section 4.2.11: an unknown PSK means a full handshake"
            )
        case .resumptionClientAuthPolicy:
            (
                "A session ends when the server's mode changes, so that no ticket goes round the new one.",
                "CVE-2025-23419; CVE-2025-23048; RFC 8446 section 4.6.1"
            )
        case .resumptionClientCAs:
            (
                "A session ends when the pool changes that clients are verified against.",
                "CVE-2025-68121; golang/go#77113"
            )
        case .resumptionServerIdentity:
            (
                "A session ends when the server's identity changes: the server must show the new one.",
                "RFC 8446 section 4.6.1: lifetime of the peer's certificate"
            )
        case .resumptionClientIdentity:
            (
                "A session ends when the client's identity changes: the client must show the new one.",
                "RFC 8446 section 4.6.1: the ticket is bound to the client's identity; RFC 5077 section 4"
            )
        case .resumptionRootCAs:
            (
                "A session ends when the pool changes that the server was verified against.",
                "CVE-2025-68121; golang/go#77217"
            )
        case .resumptionServerName:
            (
                "A client offers a session only to the name that it verified.",
                "RFC 8446 section 4.6.1: the new SNI must be valid for the certificate of the session"
            )
        case .resumptionSNI:
            (
                "A server resumes a session only under the server_name that it was granted for.",
                "RFC 6066 section 3: MUST NOT accept the request to resume; CVE-2025-23419"
            )
        case .resumptionExpired:
            (
                "A session ends when a certificate expires that it rests on.",
                "RFC 8446 section 4.6.1; CVE-2025-68121"
            )
        case .resumptionRevoked:
            (
                "A session ends when a certificate is revoked that it rests on, or its status is no longer known.",
                "RFC 8446 section 4.6.1: the likelihood of intervening revocation; RFC 5280 section 6.3"
            )
        }
    }
}
