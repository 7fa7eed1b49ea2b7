internal import COpenSSL

/// The trust anchors of a verification, counted by OpenSSL.
///
/// It is filled in `init` and only read afterwards, under OpenSSL's own lock.
package final class TrustStore: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    package init(_ certificates: [X509Certificate]) throws(OpenSSLError) {
        pointer = try checkPointer("X509_STORE_new") { X509_STORE_new() }
        if Set(certificates.map(\.subject.der)).count < Set(certificates.map(\.der)).count {
            X509_STORE_set_get_issuer(pointer, findIssuer)
        }
        for certificate in certificates {
            try check("X509_STORE_add_cert") { X509_STORE_add_cert(pointer, certificate.pointer) }
        }
    }

    deinit {
        X509_STORE_free(pointer)
    }
}

/// Finds the issuer among authorities of one name: the one whose key verifies the signature.
///
/// OpenSSL takes the first whose name and key identifier fit, and without key identifiers that is any of them: after
/// an authority has changed its key under its old name, the certificates of one of the two keys would be refused.
private func findIssuer(
    result: UnsafeMutablePointer<OpaquePointer?>?,
    context: OpaquePointer?,
    certificate: OpaquePointer?
) -> CInt {
    guard let result, let context, let certificate else { return -1 }
    guard let candidates = X509_STORE_CTX_get1_certs(context, X509_get_issuer_name(certificate)) else {
        return X509_STORE_CTX_get1_issuer(result, context, certificate)
    }
    defer { COpenSSL_sk_X509_pop_free(candidates) }
    let signers = CertificateStack.certificates(in: candidates).filter { candidate in
        X509_check_issued(candidate.pointer, certificate) == X509_V_OK
            && X509_verify(certificate, X509_get0_pubkey(candidate.pointer)) == 1
    }
    // What the tries that failed left in the queue would be taken for an error of the handshake.
    ErrorQueue.clear()
    let parameters = X509_STORE_CTX_get0_param(context)
    let current = signers.first { signer in
        X509_cmp_timeframe(parameters, X509_get0_notBefore(signer.pointer), X509_get0_notAfter(signer.pointer)) == 0
    }
    guard let issuer = current ?? signers.first else {
        return X509_STORE_CTX_get1_issuer(result, context, certificate)
    }
    X509_up_ref(issuer.pointer)
    result.pointee = issuer.pointer
    return 1
}
