import Foundation
import MutualTLS
import MutualTLSFiles
import Testing
import ThrowawayPKI

@Suite("Files that can't be used")
struct LoadingErrorTests {
    private let folder: ScratchFolder
    private var files: IdentityFiles

    init() throws {
        folder = try ScratchFolder()
        files = IdentityFiles(certificate: folder.path("tls.crt"), privateKey: folder.path("tls.key"))
        try folder.write(MintedPair.certificate("old"), to: "tls.crt")
        try folder.write(MintedPair.key("old"), to: "tls.key")
    }

    private func failure() throws -> MutualTLSFilesError {
        try #require(throws: MutualTLSFilesError.self) { try files.load() }
    }

    @Test("A certificate with its key is an identity")
    func good() throws {
        #expect(try files.load().certificate.commonName == "old")
    }

    @Test("A missing file is named, with what was meant to be there")
    func missing() throws {
        try folder.remove("tls.key")
        let error = try failure()
        #expect(error.code == .missing)
        #expect(
            error.message
                == "\(files.privateKey): Expected a file with a private key in PEM, found none. "
                + "Write the file, or correct the path."
        )
    }

    @Test("A key of another certificate is told with both paths")
    func mismatched() throws {
        try folder.write(MintedPair.key("new"), to: "tls.key")
        let error = try failure()
        #expect(error.code == .mismatchedKey)
        #expect(error.paths == [files.certificate, files.privateKey])
        #expect(error.message.contains("CN=old"))
    }

    @Test("An empty file, a cut one, DER and a folder are told apart")
    func contents() throws {
        let pem = try MintedPair.certificate("old")
        try folder.write("", to: "tls.crt")
        #expect(try failure().code == .empty)
        try folder.write(String(pem.dropLast(40)), to: "tls.crt")
        #expect(try failure().code == .truncatedPEM)
        try folder.write(MintedPair.key("old"), to: "tls.crt")
        #expect(try failure().code == .noCertificateFound)
        try Data(MintedPair.entity("old").certificateDER).write(to: URL(fileURLWithPath: files.certificate))
        #expect(try failure().code == .derInsteadOfPEM)
        try folder.remove("tls.crt")
        try folder.makeFolder("tls.crt")
        let error = try failure()
        #expect(error.code == .notAFile)
        #expect(error.message.contains("found a directory"))
    }

    @Test("An encrypted key without its passphrase is told as such")
    func encrypted() throws {
        try folder.write(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
            to: "tls.key"
        )
        #expect(try failure().code == .encryptedKey)
    }

    @Test("A CA file without a certificate is an error, and a folder without CA files too")
    func pools() throws {
        try folder.write("# nothing here\n", to: "ca.pem")
        let empty = try #require(throws: MutualTLSFilesError.self) {
            try CertificatePoolFiles(folder.path("ca.pem")).load()
        }
        #expect(empty.paths == [folder.path("ca.pem")])
        try folder.makeFolder("cas")
        let emptyFolder = try #require(throws: MutualTLSFilesError.self) {
            try CertificatePoolFiles(folder.path("cas")).load()
        }
        #expect(emptyFolder.code == .emptyFolder)
        try folder.write(MintedPair.certificate("root"), to: "cas/root.pem")
        #expect(try CertificatePoolFiles(folder.path("cas")).load().certificates.count == 1)
    }

    @Test("A key that others may read is a warning with the command that mends it")
    func openKey() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: files.privateKey)
        let reloader = try IdentityReloader(files, at: noon)
        #expect(reloader.warnings.map(\.path) == [files.privateKey])
        #expect(reloader.warnings.first?.message.hasSuffix("found mode 0644. Run chmod 600 on it.") == true)
    }
}
