import COpenSSL
import Glibc
import OpenSSLMinting
import Testing

@testable import OpenSSL

@Suite("The cost of a chain that is made to be searched for long")
struct HostileChainCostTests {
    /// A leaf, and authorities of one name that don't lead to the anchor of that name.
    fileprivate struct Chain {
        /// As they stand in the peer's message.
        let encoded: [[UInt8]]
        let anchor: X509Certificate

        init(authorities count: Int) throws {
            let authorities = try (0..<count).map { _ in try Minted.root("A") }
            encoded = try [authorities[0].issue("leaf").certificate.der] + authorities.map(\.certificate.der)
            anchor = try Minted.root("A").certificate
        }

        /// Decodes the certificates as each handshake must, and calls the body with a context as libssl makes it.
        func withContext<Result>(_ body: (OpaquePointer) -> Result) throws -> Result {
            let sent = try encoded.map { try X509Certificate(der: $0) }
            let store = try #require(X509_STORE_new())
            defer { X509_STORE_free(store) }
            try #require(X509_STORE_add_cert(store, anchor.pointer) == 1)
            let untrusted = try CertificateStack(sent)
            let context = try #require(X509_STORE_CTX_new())
            defer { X509_STORE_CTX_free(context) }
            try #require(X509_STORE_CTX_init(context, store, sent[0].pointer, untrusted.pointer) == 1)
            X509_STORE_CTX_set_time(context, 0, Int(Minted.noon))
            return withExtendedLifetime(untrusted) { body(context) }
        }
    }

    /// The least processor time of this thread that the body takes, in nanoseconds; waiting for a processor isn't in it.
    private static func cost(_ body: () throws -> Void) rethrows -> Int {
        var least = Int.max
        for _ in 0..<7 {
            let start = now()
            try body()
            least = min(least, now() - start)
        }
        return least
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("of 150 authorities of one name is at most one and a half times libssl's")
    func sameName() throws {
        let chain = try Chain(authorities: 150)
        let anchors = try TrustStore([chain.anchor])
        let own = try Self.cost {
            let isVerified = try chain.withContext { context in
                let result = VerificationContext(borrowing: context).verify(
                    at: Minted.noon,
                    revocation: .none,
                    against: anchors
                )
                if case .verified = result { return true }
                return false
            }
            #expect(!isVerified)
        }
        let libssl = try Self.cost {
            let result = try chain.withContext { X509_verify_cert($0) }
            #expect(result != 1)
        }
        print("150 authorities of one name: \(own / 1_000) µs, libssl \(libssl / 1_000) µs")
        #expect(own * 2 <= libssl * 3)
    }

    @Test("ends after 100 signatures, even where a path would come later", arguments: [(40, true), (120, false)])
    func decoys(count: Int, isFound: Bool) throws {
        let root = try Minted.root("root")
        let extensions = [CertificateExtension.basicConstraints(isCA: true, pathLength: nil)]
        let authority = try root.issue("A", extensions: extensions)
        // Good authorities of the issuer's name, none of whose keys has signed the leaf.
        let others = try (0..<count).map { _ in try root.issue("A", extensions: extensions).certificate.der }
        let leaf = try authority.issue("leaf").certificate.der
        let chain = Chain(encoded: [leaf] + others + [authority.certificate.der], anchor: root.certificate)
        let anchors = try TrustStore([root.certificate])
        let isVerified = try chain.withContext { context in
            let result = VerificationContext(borrowing: context).verify(
                at: Minted.noon,
                revocation: .none,
                against: anchors
            )
            if case .verified = result { return true }
            return false
        }
        #expect(isVerified == isFound)
    }

    /// Of the issuer's name and below a root with 60 certificates, a decoy stands in 60 paths of two signatures each. One of
    /// them shows that its key has not signed the leaf; the others would take up all that may be checked.
    @Test("isn't paid again for a link that was found broken, so that the path behind it is found")
    func brokenLink() throws {
        let root = try Minted.root("root")
        let extensions = [CertificateExtension.basicConstraints(isCA: true, pathLength: nil)]
        let decoy = try root.issue("A", extensions: extensions)
        let authority = try root.issue("A", extensions: extensions)
        let leaf = try authority.issue("leaf")
        let encoded = [leaf, decoy, authority].map(\.certificate.der)
        let chain = Chain(encoded: encoded, anchor: root.certificate)
        let anchors = try TrustStore((0..<60).map { try root.renewed(validTo: 3_600 + $0).certificate })
        let verified = try chain.withContext { context -> [[UInt8]] in
            let result = VerificationContext(borrowing: context).verify(
                at: Minted.noon,
                revocation: .none,
                against: anchors
            )
            guard case .verified(let path) = result else { return [] }
            return path.map(\.der)
        }
        #expect(verified.prefix(2) == [encoded[0], encoded[2]])
    }

    @Test(
        "with 12 layers of two authorities each, whose every path ends in a bad signature, stays within 100 signatures"
    )
    func layers() throws {
        // Each authority of a layer has both of the layer above as issuers, by name and key; no top is the anchor's.
        var above = [try Minted.root("anchor"), try Minted.root("anchor")]
        var sent: [X509Certificate] = []
        for layer in 0..<12 {
            let extensions = [CertificateExtension.basicConstraints(isCA: true, pathLength: nil)]
            let first = try above[0].issue("layer \(layer)", extensions: extensions)
            let second = try above[1].issue("layer \(layer)", extensions: extensions)
            sent += [first, second].map(\.certificate)
            above = [first, second]
        }
        let leaf = try above[0].issue("leaf").certificate
        let anchor = try Minted.root("anchor").certificate
        let chain = Chain(encoded: ([leaf] + sent.reversed()).map(\.der), anchor: anchor)
        let anchors = try TrustStore([anchor])
        let own = try Self.cost {
            _ = try chain.withContext { context in
                VerificationContext(borrowing: context).verify(at: Minted.noon, revocation: .none, against: anchors)
            }
        }
        // One signature of P-256 takes some 0.1 ms here; the processor's own pace is the measure.
        let one = Self.cost { #expect(anchor.verifiesItself) }
        print("12 layers of two: \(own / 1_000) µs, one signature \(one / 1_000) µs")
        #expect(own <= 300 * one)
    }
}

extension HostileChainCostTests.Chain {
    fileprivate init(encoded: [[UInt8]], anchor: X509Certificate) {
        self.encoded = encoded
        self.anchor = anchor
    }
}

extension X509Certificate {
    fileprivate var verifiesItself: Bool { X509_verify(pointer, X509_get0_pubkey(pointer)) == 1 }
}
