extension Rule {
    /// The sentences of the rules on settings, names and the handshake, with their citations.
    static let handshakeText: [Rule: Text] = [
        .configurationClientCAs: Text(
            "A mode that verifies client certificates needs ClientCAs; without them nothing is served.",
            "Go crypto/x509 VerifyOptions.Roots: a nil pool means the system's roots"
        ),
        .configurationRootCAs: Text(
            "A client that verifies its server needs RootCAs; without them nothing is sent.",
            "RFC 5280 section 6.1.1 (d): trust anchor information is an input of path validation"
        ),
        .configurationServerName: Text(
            "A client that verifies its server needs the name to expect; without one nothing is sent.",
            "Go crypto/tls Config.ServerName: required unless InsecureSkipVerify is set; RFC 9525 section 6.1"
        ),
        .configurationInvalidServerName: Text(
            "A server name that can be neither a host name nor an address is refused before any byte.",
            "RFC 6066 section 3: HostName is ASCII, A-labels, without a trailing dot; RFC 1034 section 3.5"
        ),
        .configurationUnicodeServerName: Text(
            "A server name with letters outside ASCII is refused before any byte.",
            "RFC 6066 section 3: HostName is ASCII"
        ),
        .configurationUnicodeUnconverted: Text(
            "A server name with letters outside ASCII is not converted to A-labels.",
            "RFC 5890 section 2.3.2.1; Go crypto/tls Config.ServerName: conversion is the application's"
        ),
        .configurationBrackets: Text(
            "A client accepts an address in the brackets of a URL as its server name.",
            "RFC 3986 section 3.2.2; Go hostnameInSNI"
        ),
        .configurationEmptyServerName: Text(
            "An empty server name counts as none, and a client that verifies nothing needs none.",
            "Go crypto/tls Config.ServerName"
        ),
        .configurationMatchingKey: Text(
            "A side refuses a key that is not the one in its certificate before any byte.",
            "Go crypto/tls X509KeyPair: private key does not match public key; RFC 8446 section 4.4.3"
        ),
        .sniSent: Text(
            "A client sends the host name that it expects in server_name.",
            "RFC 6066 section 3"
        ),
        .sniNoAddress: Text(
            "An IP address is never sent in server_name.",
            "RFC 6066 section 3: literal addresses are not permitted"
        ),
        .sniNoBracketedAddress: Text(
            "An IP address in brackets is never sent in server_name either.",
            "RFC 6066 section 3; Go hostnameInSNI"
        ),
        .sniTrailingDot: Text(
            "A trailing dot is removed before a name is sent.",
            "RFC 6066 section 3: without a trailing dot"
        ),
        .sniReadsUnderscore: Text(
            "A server reads a server_name with an underscore.",
            "RFC 2181 section 11: any octets; deployed names have them"
        ),
        .sniReadsOtherCharacters: Text(
            "A server_name with characters that host names don't have matches no identity.",
            "RFC 6066 section 3: the server MAY go on"
        ),
        .sniReadsAddress: Text(
            "An address in server_name matches no identity.",
            "RFC 6066 section 3: the server MAY go on"
        ),
        .sniReadsTrailingDot: Text(
            "A server reads a server_name with a trailing dot.",
            "RFC 6066 section 3: the server MAY go on"
        ),
        .sniExact: Text(
            "The identity whose name equals server_name, case folded, is served.",
            "RFC 6066 section 3; RFC 4343"
        ),
        .sniWildcard: Text(
            "Without an exact name, a wildcard of one label chooses the identity.",
            "RFC 9525 section 6.3"
        ),
        .sniDefault: Text(
            "A name that no identity has gets the default identity.",
            "RFC 6066 section 3; Go Config.getCertificate"
        ),
        .sniStrict: Text(
            "A strict server refuses a name that no identity has with unrecognized_name.",
            "RFC 6066 section 3: fatal alert"
        ),
        .sniAbsent: Text(
            "Without server_name the default identity is served.",
            "RFC 6066 section 3"
        ),
        .sniResumed: Text(
            "A server knows the server_name of a connection that resumes.",
            "RFC 8446 section 4.2.11; RFC 6066 section 3"
        ),
        .serverVerified: Text(
            "A client accepts a server whose chain, time, purpose and name are good.",
            "RFC 8446 section 4.4.2.4"
        ),
        .serverSkipVerify: Text(
            "With InsecureSkipVerify neither chain nor name is checked, and nothing is reported as verified.",
            "Go crypto/tls Config.InsecureSkipVerify"
        ),
        .serverRejectedBeforeClient: Text(
            "A client that refuses its server's certificate never reveals its own.",
            "RFC 8446 section 4.4.2: the client's Certificate follows the server's Finished; RFC 5246 section 7.3"
        ),
        .serverSpeaksTLS: Text(
            "A client says nothing in plaintext, neither before TLS nor after TLS has failed.",
            "RFC 8446 section 6.2; RFC 9110 section 4.3.3: https is TLS alone"
        ),
        .serverVerifiedFirst: Text(
            "A client sends its request to no server that it refuses.",
            "RFC 8446 section 4.4.2.4; RFC 9110 section 4.3.4: the identity is verified before the request"
        ),
        .nameMatch: Text(
            "A dNSName is compared label by label, without regard to ASCII case.",
            "RFC 9525 section 6.3; RFC 4343"
        ),
        .nameMismatch: Text(
            "A certificate without the expected name is refused with bad_certificate.",
            "RFC 9525 section 6.6"
        ),
        .nameWildcard: Text(
            "A wildcard stands for exactly one whole left-most label.",
            "RFC 9525 section 6.3"
        ),
        .nameBareWildcard: Text(
            "A wildcard alone matches nothing.",
            "RFC 9525 section 6.3: the left-most label of a name; Go x509 matchHostnames"
        ),
        .nameTopLevelWildcard: Text(
            "A wildcard directly below a top-level name matches nothing.",
            "RFC 6125 section 7.2; OpenSSL X509_check_host"
        ),
        .namePartialWildcard: Text(
            "A wildcard that is only part of a label matches nothing.",
            "RFC 9525 section 6.3"
        ),
        .nameInnerWildcard: Text(
            "A wildcard that isn't the first label matches nothing.",
            "RFC 9525 section 6.3"
        ),
        .nameTrailingDot: Text(
            "A trailing dot of the expected name is ignored.",
            "RFC 6066 section 3; Go hostnameInSNI"
        ),
        .nameBrackets: Text(
            "The brackets of an address belong to the URL and not to the address.",
            "RFC 3986 section 3.2.2; Go x509.Certificate.VerifyHostname"
        ),
        .nameNoCommonName: Text(
            "The subject's common name is never a host name.",
            "RFC 9525 section 2; Go x509.HostnameError"
        ),
        .nameNoCommonNameBesideOthers: Text(
            "The common name is no host name beside addresses and URIs either.",
            "RFC 9525 section 2; Go x509.HostnameError"
        ),
        .nameNoCommonNameBesideNames: Text(
            "The common name is no host name beside other DNS names.",
            "RFC 6125 section 6.4.4; RFC 9525 section 2"
        ),
        .nameNoCommonNameAddress: Text(
            "The subject's common name is no address, even where the certificate has no other name.",
            "RFC 9525 section 2, 6.4; RFC 2818 section 3.1"
        ),
        .nameAddress: Text(
            "An address matches an iPAddress entry alone, brackets aside.",
            "RFC 9525 section 6.4; RFC 2818 section 3.1"
        ),
        .nameAddressMismatch: Text(
            "An address without an equal iPAddress entry is refused, whatever dNSName says.",
            "RFC 9525 section 6.4"
        ),
        .clientPresents: Text(
            "A client presents the certificate that it holds when its server asks for one that fits.",
            "RFC 8446 section 4.4.2: the client MUST send Certificate; 4.4.2.3"
        ),
        .clientPresentsChain: Text(
            "A client sends the intermediates of its certificate along.",
            "RFC 8446 section 4.4.2: each following certificate certifies the one before; RFC 5246 section 7.4.2"
        ),
        .clientHeedsRefusal: Text(
            "A client that its server refuses doesn't count the connection as accepted.",
            "RFC 8446 section 6.2: both parties close the connection; section 4.4.2.4"
        ),
        .clientNotRequested: Text(
            "NoClientCert: the server asks for nothing, and the client presents nothing.",
            "Go tls.NoClientCert"
        ),
        .clientRequested: Text(
            "A server that is set to ask for a certificate asks in every handshake.",
            "RFC 8446 section 4.3.2; Go tls.RequestClientCert and the modes above it"
        ),
        .clientRequestedWithoutName: Text(
            "A client that sends no server_name is asked for its certificate too.",
            "RFC 6066 section 3: the extension is the client's choice; CVE-2026-32305"
        ),
        .clientRequestedByUnknownName: Text(
            "A client that sends a server_name other than the host of its request is asked for its certificate too, or refused.",
            "RFC 6066 section 3; RFC 9110 section 7.4, 15.5.20"
        ),
        .clientRequestedBySpelling: Text(
            "A client that spells server_name otherwise, in capitals or with a dot, is asked for its certificate too.",
            "RFC 4343; RFC 6066 section 3"
        ),
        .clientRequestedByHost: Text(
            "A host that has a mode of its own asks its clients by that, and no other host does.",
            "RFC 6066 section 3; RFC 8446 section 4.3.2; Go tls.Config.GetConfigForClient"
        ),
        .clientRequestedInPieces: Text(
            "A client whose ClientHello comes in several records or segments is asked for its certificate too.",
            "RFC 8446 section 5.1; CVE-2026-32305"
        ),
        .clientRequestOptional: Text(
            "RequestClientCert: a client without a certificate is accepted.",
            "RFC 8446 section 4.4.2.4"
        ),
        .clientRequestUnverified: Text(
            "RequestClientCert: any certificate is accepted, and none is reported as verified.",
            "Go tls.RequestClientCert"
        ),
        .clientRequestDefective: Text(
            "RequestClientCert: a certificate with defects besides an unknown authority is accepted too.",
            "Go tls.RequestClientCert"
        ),
        .clientRequestTells: Text(
            "RequestClientCert: a valid certificate is not reported as verified.",
            "Go tls.RequestClientCert: VerifiedChains stays empty"
        ),
        .clientRequireAnyMissing: Text(
            "RequireAnyClientCert: a client without a certificate is refused, with certificate_required (1.3) or handshake_failure (1.2).",
            "RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6"
        ),
        .clientRequireAnyUnverified: Text(
            "RequireAnyClientCert: any certificate is accepted, and none is reported as verified.",
            "Go tls.RequireAnyClientCert"
        ),
        .clientVerifyIfGivenOptional: Text(
            "VerifyClientCertIfGiven: a client without a certificate is accepted.",
            "Go tls.VerifyClientCertIfGiven"
        ),
        .clientVerifyIfGivenVerifies: Text(
            "VerifyClientCertIfGiven: a presented certificate must verify.",
            "Go tls.VerifyClientCertIfGiven"
        ),
        .clientRequireAndVerifyMissing: Text(
            "RequireAndVerifyClientCert: a client without a certificate is refused, as under RequireAnyClientCert.",
            "RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6"
        ),
        .clientRequireAndVerifyVerifies: Text(
            "RequireAndVerifyClientCert: the certificate must verify.",
            "Go tls.RequireAndVerifyClientCert"
        ),
        .clientWithholds: Text(
            "A client that selects by CA names presents nothing when no issuer in its chain is listed.",
            "RFC 8446 section 4.2.4; RFC 5246 section 7.4.4; Go CertificateRequestInfo.SupportsCertificate"
        ),
        .clientNoticesOnFirstRead: Text(
            "In TLS 1.3 a refused client's handshake succeeds; the alert arrives on its first read.",
            "RFC 8446 section 4.4.4: the client's Finished ends its handshake; appendix C.4"
        ),
        .clientNoticesInHandshake: Text(
            "In TLS 1.2 a refused client's handshake fails.",
            "RFC 5246 section 7.3: the server's Finished comes last"
        ),
        .acceptableCAsDerived: Text(
            "The CertificateRequest lists the subjects of ClientCAs.",
            "RFC 8446 section 4.2.4; RFC 5246 section 7.4.4"
        ),
        .acceptableCAsOmitted: Text(
            "Without ClientCAs, or by setting, the list is empty, and any CA is acceptable.",
            "RFC 5246 section 7.4.4"
        ),
        .possession: Text(
            "A CertificateVerify signed by another key than the certificate's is refused with decrypt_error.",
            "RFC 8446 section 4.4.3"
        ),
    ]
}
