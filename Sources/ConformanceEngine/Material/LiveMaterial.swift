package import ConformanceModel
internal import GnuTLSPeer
internal import ThrowawayPKI

/// The authorities that a live peer trusts and is verified with: read from the user's files, and never written anywhere.
///
/// Its description never shows the key.
package struct LiveMaterial: Hashable, Codable, Sendable {
    /// The test authority in DER.
    private let certificate: [UInt8]
    private let privateKey: [UInt8]
    /// The certificates that a live server is verified with, in DER.
    private let serverRoots: [[UInt8]]
    /// A serial number on a revocation list of the authority.
    private let revokedSerial: [UInt8]?
    private let now: Int64

    /// - Parameters:
    ///   - certificate: the test authority in DER.
    ///   - privateKey: its key in DER.
    ///   - serverRoots: what a live server's certificate is verified with, in DER.
    ///   - revocationLists: lists that the live server has, in DER.
    ///   - now: seconds since 1970, when the authority must be valid.
    /// - Throws: when the authority can't issue what cases need, with a sentence that says why.
    package init(
        certificate: [UInt8],
        privateKey: [UInt8],
        serverRoots: [[UInt8]],
        revocationLists: [[UInt8]] = [],
        now: Int64
    ) throws(LiveMaterialError) {
        self.certificate = certificate
        self.privateKey = privateKey
        self.serverRoots = serverRoots
        self.now = now
        revokedSerial = try Self.revokedSerial(in: revocationLists, of: certificate)
        do throws(PKIError) { _ = try authority() } catch { throw LiveMaterialError(description: "\(error)") }
    }

    /// The limits of the authority.
    package var issuer: LiveIssuer {
        guard let authority = try? authority() else { return LiveIssuer() }
        return LiveIssuer(
            pathLength: authority.pathLength,
            extendedKeyUsages: authority.extendedKeyUsages,
            revokedSerial: revokedSerial
        )
    }

    /// The first serial number that the authority's own list names; nil without lists.
    private static func revokedSerial(
        in lists: [[UInt8]],
        of certificate: [UInt8]
    ) throws(LiveMaterialError) -> [UInt8]? {
        guard !lists.isEmpty else { return nil }
        do throws(GnuTLSError) {
            let authority = try GnuTLSCertificateReader(certificate)
            for list in lists {
                let reader = try GnuTLSCRLReader(list)
                if try reader.isIssued(by: authority), let serial = reader.revokedSerials.first { return serial }
            }
        } catch {
            throw LiveMaterialError(description: "the revocation list can't be read: \(error)")
        }
        throw LiveMaterialError(
            description:
                "no revocation list of it names a serial number; give one that the server has, with --crl, that "
                + "this authority has signed and that revokes a certificate"
        )
    }

    /// How many certificates a live server's own is verified with.
    package var rootCount: Int { serverRoots.count }

    /// The authority for the entries that it stands in for.
    func adopted(in specification: PKISpecification) throws(PKIError) -> [String: AdoptedAuthority] {
        guard let name = specification.adopted else { return [:] }
        return [name: try authority()]
    }

    /// The certificate that stands in for an entry besides the authority.
    func serverRoot(for entry: CertificateSpecification?) -> [UInt8]? {
        guard case .serverRoot(let index)? = entry?.standIn, serverRoots.indices.contains(index) else { return nil }
        return serverRoots[index]
    }

    private func authority() throws(PKIError) -> AdoptedAuthority {
        try AdoptedAuthority(certificate: certificate, privateKey: privateKey, now: now)
    }
}

extension LiveMaterial: CustomStringConvertible, CustomReflectable {
    package var description: String { "LiveMaterial" }
    package var customMirror: Mirror { Mirror(self, children: ["serverRoots": serverRoots.count]) }
}

/// Why a test authority can't be used.
package struct LiveMaterialError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}
