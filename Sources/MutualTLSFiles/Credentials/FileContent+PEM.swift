internal import MutualTLS

extension FileContent {
    /// The certificates of the file, in their order, at least one.
    func certificates(_ kind: FileKind) throws(MutualTLSFilesError) -> [Certificate] {
        do {
            return try Certificate.certificates(inPEM: bytes)
        } catch {
            throw MutualTLSFilesError(content: error, of: [path], expected: kind.expectation)
        }
    }

    /// The revocation lists of the file, in their order, at least one.
    func revocationLists() throws(MutualTLSFilesError) -> [CertificateRevocationList] {
        do {
            return try CertificateRevocationList.lists(inPEM: bytes)
        } catch {
            throw MutualTLSFilesError(content: error, of: [path], expected: FileKind.revocationLists.expectation)
        }
    }
}
