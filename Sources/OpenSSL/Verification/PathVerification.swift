internal import COpenSSL

/// The verification of one path, and of no other that its certificates would allow: OpenSSL finds exactly this one.
struct PathVerification {
    /// The context of the connection, whose parameters (names, security level, flags) hold for each path.
    private let connection: OpaquePointer
    private let time: Int64?
    private let revocation: RevocationCheck

    /// - Parameter time: nil to leave times alone.
    init(like connection: OpaquePointer, at time: Int64?, revocation: RevocationCheck) {
        self.connection = connection
        self.time = time
        self.revocation = revocation
    }

    /// - Parameter path: leaf first and anchor last.
    func verify(_ path: [X509Certificate]) -> VerificationResult {
        let failure = VerificationResult.failed(.outOfMemory, certificate: path.first, depth: 0)
        guard let anchor = path.last, let store = exactStore.pointer,
            let untrusted = try? CertificateStack(Array(path.dropLast())),
            let trusted = try? CertificateStack([anchor]),
            let context = X509_STORE_CTX_new()
        else {
            return failure
        }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store, path[0].pointer, untrusted.pointer) == 1,
            X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(context), X509_STORE_CTX_get0_param(connection)) == 1
        else {
            return failure
        }
        X509_STORE_CTX_set0_trusted_stack(context, trusted.pointer)
        setTime(of: context)
        setRevocation(of: context)
        let links = Links(path)
        X509_STORE_CTX_set_ex_data(context, linksIndex, Unmanaged.passUnretained(links).toOpaque())
        // The context looks at the links and the stacks as long as it runs, and counts none of them.
        return withExtendedLifetime((links, untrusted, trusted)) { run(context, path) }
    }

    private func run(_ context: OpaquePointer, _ path: [X509Certificate]) -> VerificationResult {
        ErrorQueue.clear()
        let verified = X509_verify_cert(context) == 1
        // What X509_verify_cert leaves in the queue would be taken for an error of the handshake.
        ErrorQueue.clear()
        let code = VerificationError(rawValue: X509_STORE_CTX_get_error(context))
        // The manual asks that "ok" be believed only of both: the return value and the code.
        guard verified, code == .ok else {
            let culprit = (X509_STORE_CTX_get_current_cert(context) ?? path[0].pointer)
            let depth = Int(X509_STORE_CTX_get_error_depth(context))
            return .failed(
                code == .ok ? .unspecified : code,
                certificate: X509Certificate(retaining: culprit),
                depth: depth
            )
        }
        // Each certificate of the path was checked, and nothing else took part.
        guard Int(COpenSSL_sk_X509_num(X509_STORE_CTX_get0_chain(context))) == path.count else {
            return .failed(.unspecified, certificate: path[0], depth: 0)
        }
        return .verified(chain: path)
    }

    private func setTime(of context: OpaquePointer) {
        guard let time else {
            X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
            return
        }
        X509_STORE_CTX_set_time(context, 0, Int(time))
        X509_STORE_CTX_set_verify_cb(context, includeLastSecond)
    }

    private func setRevocation(of context: OpaquePointer) {
        switch revocation {
        case .none: break
        case .leaf(let lists):
            X509_STORE_CTX_set0_crls(context, lists.pointer)
            X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_CRL_CHECK))
        case .chain(let lists):
            X509_STORE_CTX_set0_crls(context, lists.pointer)
            X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_CRL_CHECK) | UInt(X509_V_FLAG_CRL_CHECK_ALL))
        }
    }
}

/// The order of certificates in the path that is verified.
private final class Links {
    private let pointers: [OpaquePointer]

    init(_ path: [X509Certificate]) {
        pointers = path.map(\.pointer)
    }

    func has(_ issuer: OpaquePointer, above certificate: OpaquePointer) -> Bool {
        guard let index = pointers.firstIndex(of: certificate) else { return false }
        return index + 1 < pointers.count && pointers[index + 1] == issuer
    }
}

/// The slot of a verification in which `isIssued` finds the links.
private let linksIndex = COpenSSL_X509_STORE_CTX_get_ex_new_index()

/// A store without certificates, which tells its verifications to take the issuers of their path alone.
private let exactStore = ExactStore()

private struct ExactStore: @unchecked Sendable {
    // Safety: set up once, and only read afterwards.
    let pointer = X509_STORE_new()

    init() {
        if let pointer { X509_STORE_set_check_issued(pointer, isIssued) }
    }
}

/// Whether one certificate stands above the other in the path; whether it stands above itself is OpenSSL's to say.
///
/// Without it OpenSSL would take the first of several certificates of one name, which may be another one of the path.
private func isIssued(context: OpaquePointer?, certificate: OpaquePointer?, issuer: OpaquePointer?) -> CInt {
    guard let context, let certificate, let issuer else { return 0 }
    if certificate == issuer { return X509_check_issued(issuer, certificate) == X509_V_OK ? 1 : 0 }
    guard let slot = X509_STORE_CTX_get_ex_data(context, linksIndex) else { return 0 }
    return Unmanaged<Links>.fromOpaque(slot).takeUnretainedValue().has(issuer, above: certificate) ? 1 : 0
}

/// The last second of a certificate is part of its validity (RFC 5280 section 4.1.2.5), which OpenSSL ends a second
/// earlier.
private func includeLastSecond(isFine: CInt, context: OpaquePointer?) -> CInt {
    guard isFine != 1, let context, X509_STORE_CTX_get_error(context) == X509_V_ERR_CERT_HAS_EXPIRED,
        let certificate = X509_STORE_CTX_get_current_cert(context),
        let parameters = X509_STORE_CTX_get0_param(context),
        secondsSinceEpoch(X509_get0_notAfter(certificate)) == Int64(X509_VERIFY_PARAM_get_time(parameters))
    else {
        return isFine
    }
    X509_STORE_CTX_set_error(context, X509_V_OK)
    return 1
}

extension VerificationResult {
    /// The failure of a leaf from which no names lead to an anchor, in the words that OpenSSL has for it.
    static func withoutPath(from leaf: X509Certificate, _ sent: some Sequence<X509Certificate>) -> VerificationResult {
        var chain = [leaf]
        // How far the names lead is for the message alone, and not worth a long search.
        for _ in 0..<8 {
            let last = chain[chain.count - 1]
            let next = sent.first { candidate in
                candidate.isNamedAsIssuer(of: last) && !chain.contains { $0.pointer == candidate.pointer }
            }
            guard let next else { break }
            chain.append(next)
        }
        let top = chain[chain.count - 1]
        let error: VerificationError =
            !top.isSelfSigned ? .unableToGetLocalIssuer : chain.count == 1 ? .selfSignedLeaf : .selfSignedInChain
        return .failed(error, certificate: top, depth: chain.count - 1)
    }
}
