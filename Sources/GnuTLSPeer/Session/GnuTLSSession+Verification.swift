internal import CGnuTLS

extension GnuTLSSession {
    /// The result of the verify function.
    struct Verification {
        var accepted = false
        var status: UInt32 = 0
        var chainLength = 0
    }

    /// The verify function of both sides: purpose, and on clients the name, then the chain (section 9.2.1 of GnuTLS's
    /// manual). A server that requires a certificate has refused its absence before it comes here.
    func verifyPeerCertificate() -> Int32 {
        var count: UInt32 = 0
        guard let peers = gnutls_certificate_get_peers(pointer, &count), count > 0 else { return GNUTLS_E_SUCCESS }
        let chain = (0..<Int(count)).map { peers[$0].bytes }

        do throws(GnuTLSError) {
            let trust = try withTrust { trust throws(GnuTLSError) in
                var status: UInt32 = 0
                let result = verify(&status)
                verification.status = status
                // A certificate that GnuTLS cannot parse is an error of its own; the handshake ends in bad_certificate.
                guard result >= 0, status == 0 else { return nil as CertificateCredentials? }
                return trust
            }
            guard let trust else { return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR }
            verification.accepted = true
            verification.chainLength = trust.pathLength(of: chain)
            return GNUTLS_E_SUCCESS
        } catch {
            return error.code
        }
    }

    /// Runs the body with the trust anchors in place: `gnutls_certificate_verify_peers` takes them from the session's
    /// credentials, whose list is another one if the server sends other names than it trusts.
    private func withTrust<Result>(
        _ body: (CertificateCredentials) throws(GnuTLSError) -> Result?
    ) throws(GnuTLSError) -> Result? {
        guard let snapshot else { return nil }
        guard snapshot.trust !== snapshot.credentials else { return try body(snapshot.trust) }
        try use(snapshot.trust)
        let result = try body(snapshot.trust)
        try use(snapshot.credentials)
        return result
    }

    private func verify(_ status: inout UInt32) -> Int32 {
        let purpose =
            switch origin {
            case .server: GNUTLS_KP_TLS_WWW_CLIENT
            case .client: GNUTLS_KP_TLS_WWW_SERVER
            }
        // Strings are zero-terminated, and for them a size of 0 stands for that.
        var purposeBytes = Array(purpose.utf8) + [0]
        var nameType = GNUTLS_DT_UNKNOWN
        var nameBytes: [UInt8] = []
        var nameSize: UInt32 = 0
        switch snapshot?.peerName {
        case .dns(let name):
            nameType = GNUTLS_DT_DNS_HOSTNAME
            nameBytes = Array(name.utf8) + [0]
        case .address(let address):
            nameType = GNUTLS_DT_IP_ADDRESS
            nameBytes = address
            nameSize = UInt32(address.count)
        case nil:
            break
        }
        return purposeBytes.withUnsafeMutableBufferPointer { purpose in
            nameBytes.withUnsafeMutableBufferPointer { name in
                var data = [gnutls_typed_vdata_st(type: GNUTLS_DT_KEY_PURPOSE_OID, data: purpose.baseAddress, size: 0)]
                if nameType != GNUTLS_DT_UNKNOWN {
                    data.append(gnutls_typed_vdata_st(type: nameType, data: name.baseAddress, size: nameSize))
                }
                return gnutls_certificate_verify_peers(pointer, &data, UInt32(data.count), &status)
            }
        }
    }
}

extension CertificateCredentials {
    /// The certificates from a verified leaf to its trust anchor, found as GnuTLS finds them: a trusted certificate ends
    /// the path, then a trusted issuer, otherwise it goes on with the issuer among those sent. 0 if no anchor is met.
    fileprivate func pathLength(of chain: [[UInt8]]) -> Int {
        var list: gnutls_x509_trust_list_t?
        gnutls_certificate_get_trust_list(pointer, &list)
        guard let list else { return 0 }
        var candidates: [CertificateHandle] = []
        for der in chain {
            guard let certificate = try? CertificateHandle(der: der) else { return 0 }
            candidates.append(certificate)
        }
        guard var current = candidates.first else { return 0 }
        for length in 1...candidates.count {
            var issuer: gnutls_x509_crt_t?
            if anchors.contains(current.der) { return length }
            if gnutls_x509_trust_list_get_issuer(list, current.pointer, &issuer, GNUTLS_TL_GET_COPY.rawValue) == 0 {
                gnutls_x509_crt_deinit(issuer)
                return length + 1
            }
            let next = candidates.first {
                $0 !== current && gnutls_x509_crt_check_issuer(current.pointer, $0.pointer) == 1
            }
            guard let next else { return 0 }
            current = next
        }
        return 0
    }
}
