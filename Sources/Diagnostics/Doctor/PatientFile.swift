internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import MutualTLS

/// One file that `doctor` looks at, with everything that could be read of it.
struct PatientFile {
    var path: String
    var certificates: [PlacedCertificate] = []
    var key: PrivateKey?
    /// Whether there is a key, readable or not.
    var hasKey = false
    var lists: [CertificateRevocationList] = []
    var findings: [Finding] = []

    init(_ path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DiagnosticsError.usage("can't read \(path): \(String(cString: strerror(errno)))")
        }
        let bytes = [UInt8](data)
        if bytes.first == 0x30, readDER(bytes) { return }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("CERTIFICATE-----") || text.contains("BEGIN CERTIFICATE") { readCertificates(bytes) }
        if text.contains("PRIVATE KEY") { readKey(bytes) }
        if text.contains("BEGIN X509 CRL") { readList(bytes) }
        if certificates.isEmpty, !hasKey, lists.isEmpty, findings.isEmpty {
            report(
                bytes.isEmpty ? "path-empty-pool" : "cfg-der-instead-of-pem",
                bytes.isEmpty
                    ? "the file is empty"
                    : "it holds neither a certificate, nor a private key, nor a revocation list in PEM or DER",
                "openssl x509 -noout -in \(ShellWord.of(path))"
            )
        }
    }

    private mutating func readDER(_ bytes: [UInt8]) -> Bool {
        var kind = "x509"
        if let certificate = try? Certificate(der: bytes) {
            certificates = [PlacedCertificate(certificate: certificate, file: path, place: 1)]
        } else if let list = try? CertificateRevocationList(der: bytes) {
            lists = [list]
            kind = "crl"
        } else if let key = try? PrivateKey(der: bytes) {
            self.key = key
            hasKey = true
            kind = "pkey"
        } else {
            return false
        }
        let word = ShellWord.of(path)
        report(
            "cfg-der-instead-of-pem",
            "it is DER, and most programs take PEM alone; convert it: openssl \(kind) -inform DER -in \(word) -out "
                + ShellWord.of(path + ".pem"),
            "openssl asn1parse -inform DER -in \(word)"
        )
        return true
    }

    private mutating func readCertificates(_ bytes: [UInt8]) {
        do {
            certificates = try Certificate.certificates(inPEM: bytes).enumerated().map {
                PlacedCertificate(certificate: $0.element, file: path, place: $0.offset + 1)
            }
        } catch {
            report(error, or: "cfg-truncated-pem", "openssl storeutl -noout -certs \(ShellWord.of(path))")
        }
    }

    private mutating func readKey(_ bytes: [UInt8]) {
        hasKey = true
        do {
            key = try PrivateKey(pem: bytes)
        } catch {
            // An empty passphrase, so that the command doesn't ask for one.
            report(error, or: "cfg-truncated-pem", "openssl pkey -noout -passin pass: -in \(ShellWord.of(path))")
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            findings.append(
                Finding(
                    id: "cfg-key-file-permissions",
                    severity: .warning,
                    subject: path,
                    message: "others than its owner may read or change the private key (mode "
                        + "\(String(status.st_mode & 0o777, radix: 8))); make it 600",
                    command: "stat -c %a \(ShellWord.of(path))"
                )
            )
        }
    }

    private mutating func readList(_ bytes: [UInt8]) {
        do {
            lists = [try CertificateRevocationList(pem: bytes)]
        } catch {
            report(error, or: "cfg-truncated-pem", "openssl crl -noout -in \(ShellWord.of(path))")
        }
    }

    private mutating func report(_ error: MutualTLSError, or id: String, _ command: String) {
        let ids: [MutualTLSError.Code: String] = [
            .derInsteadOfPEM: "cfg-der-instead-of-pem", .encryptedKey: "cfg-encrypted-key",
            .emptyInput: "path-empty-pool",
        ]
        report(ids[error.code] ?? id, error.message, command)
    }

    private mutating func report(_ id: String, _ message: String, _ command: String) {
        findings.append(Finding(id: id, severity: .error, subject: path, message: message, command: command))
    }
}
