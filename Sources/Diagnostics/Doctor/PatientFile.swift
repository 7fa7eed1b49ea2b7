internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import MutualTLS
internal import OpenSSL

/// One file that `doctor` looks at, with everything that could be read of it.
struct PatientFile {
    /// The content that a setting of a program expects of a file.
    enum Use: String {
        case certificate, key, authorities, lists
    }

    var path: String
    var certificates: [PlacedCertificate] = []
    var key: PrivateKey?
    /// Whether there is a key, readable or not.
    var hasKey = false
    var lists: [CertificateRevocationList] = []
    var findings: [Finding] = []

    /// Whether it names a key in a token or module rather than a file (RFC 7512).
    static func isToken(_ path: String) -> Bool {
        ["pkcs11:", "engine:", "handle:", "tpm2tss:"].contains { path.hasPrefix($0) }
    }

    init(_ path: String, as use: Use? = nil) throws {
        guard !Self.isToken(path) else {
            self.init(token: path)
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DiagnosticsError.usage("can't read \(path): \(String(cString: strerror(errno)))")
        }
        self.init(path, [UInt8](data), as: use)
        var status = stat()
        if hasKey, stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
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

    /// A key that stays in a token or module.
    private init(token path: String) {
        self.path = path
        let message =
            "the key stays in a token, and doctor doesn't ask for it: whether it belongs to the certificate, "
            + "a handshake shows"
        report("cfg-private-key-inaccessible", message, "p11tool --list-all \(ShellWord.of(path))", .note)
    }

    /// Looks at content, which needn't be a file's own: an entry of a secret has a name of its own.
    init(_ path: String, _ bytes: [UInt8], as use: Use? = nil) {
        self.path = path
        let form = FileForm(bytes, word: ShellWord.of(path))
        for remark in form.remarks {
            report(remark.id, remark.message, "od -A d -c \(ShellWord.of(path)) | head -n 2", remark.severity)
        }
        if form.isDER {
            readDER(bytes)
        } else if let pem = form.pem {
            for block in PEMBlock.blocks(in: pem) { read(block) }
        }
        if let use { check(use) }
    }

    private mutating func read(_ block: PEMBlock) {
        let word = ShellWord.of(path)
        let isKey = block.label.hasSuffix("PRIVATE KEY")
        if block.label == "TSS2 PRIVATE KEY" {
            hasKey = true
            report(
                "cfg-private-key-inaccessible",
                "its private key is wrapped by a TPM (TSS2): only a program with the provider tpm2 of that machine can use "
                    + "it, and doctor can't tell whether it belongs to the certificate",
                "openssl asn1parse -in \(word)",
                .note
            )
            return
        }
        guard PEMBlock.certificates.contains(block.label) || isKey || block.label == "X509 CRL" else { return }
        guard block.isComplete else {
            hasKey = hasKey || isKey
            report(
                "cfg-truncated-pem",
                "its \(block.label) of line \(block.line) is cut off: there is no END line",
                "grep -c END \(word)"
            )
            return
        }
        do {
            if isKey {
                hasKey = true
                let read = try PrivateKey(pem: block.text)
                if key == nil { key = read }
            } else if block.label == "X509 CRL" {
                lists.append(try CertificateRevocationList(pem: block.text))
            } else if block.label != "TRUSTED CERTIFICATE" {
                let place = certificates.count + 1
                let certificate = try Certificate(pem: block.text)
                certificates.append(PlacedCertificate(certificate: certificate, file: path, place: place))
            }
        } catch {
            let ids: [MutualTLSError.Code: String] = [
                .encryptedKey: "cfg-encrypted-key", .emptyInput: "path-empty-pool",
            ]
            let isEncrypted = isKey && (error.code == .encryptedKey || block.label.hasPrefix("ENCRYPTED"))
            let message =
                isEncrypted
                ? "its private key is encrypted with a passphrase; give the program the passphrase, or decrypt it: openssl "
                    + "pkey -in \(word) -out KEY"
                : "its \(block.label) of line \(block.line) can't be decoded: the content is damaged, or of another kind"
            let command = isKey ? "openssl pkey -noout -passin pass: -in \(word)" : "openssl storeutl -noout \(word)"
            report(isEncrypted ? "cfg-encrypted-key" : ids[error.code] ?? "cfg-truncated-pem", message, command)
        }
    }

    private mutating func readDER(_ bytes: [UInt8]) {
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
            report(
                "cfg-der-instead-of-pem",
                "it is DER of something that is neither a certificate, nor a private key, nor a revocation list",
                "openssl asn1parse -inform DER -in \(ShellWord.of(path))"
            )
            return
        }
        let word = ShellWord.of(path)
        report(
            "cfg-der-instead-of-pem",
            "it is DER, and most programs take PEM alone; convert it: openssl \(kind) -inform DER -in \(word) -out "
                + ShellWord.of(path + ".pem"),
            "openssl asn1parse -inform DER -in \(word)"
        )
    }

    /// Whether the file can serve for what a setting names it for.
    private mutating func check(_ use: Use) {
        let word = ShellWord.of(path)
        let isReadable = !certificates.isEmpty || hasKey || !lists.isEmpty
        guard isReadable else { return }
        switch use {
        case .key where !hasKey:
            let found = certificates.isEmpty ? "a revocation list" : "a certificate"
            report(
                "cfg-key-setting-is-a-certificate",
                "the setting for the private key names it, and it holds \(found): expected PRIVATE KEY",
                "grep BEGIN \(word)"
            )
        case .certificate where certificates.isEmpty:
            let found = hasKey ? "a private key" : "a revocation list"
            report(
                "cfg-key-setting-is-a-certificate",
                "the setting for the certificate names it, and it holds \(found): expected CERTIFICATE",
                "grep BEGIN \(word)"
            )
        case .authorities where certificates.isEmpty:
            report("path-empty-pool", "it is to hold authorities, and holds no certificate", "grep BEGIN \(word)")
        case .lists where lists.isEmpty:
            report("path-crl-missing", "it is to hold revocation lists, and holds none", "grep BEGIN \(word)")
        case .key, .certificate, .authorities, .lists: return
        }
    }

    private mutating func report(
        _ id: String,
        _ message: String,
        _ command: String,
        _ severity: Finding.Severity = .error
    ) {
        findings.append(Finding(id: id, severity: severity, subject: path, message: message, command: command))
    }
}

/// A certificate and where it stands.
struct PlacedCertificate {
    var certificate: Certificate
    var file: String
    /// Its place in the file, from 1.
    var place: Int

    var subject: String { place == 1 ? file : "\(file), certificate \(place)" }

    var x509: X509Certificate { certificate.x509 }

    /// The command that prints the fields which the option names.
    func command(_ option: String) -> String {
        place == 1
            ? "openssl x509 -noout \(option) -in \(ShellWord.of(file))"
            : "openssl storeutl -noout -text -certs \(ShellWord.of(file))"
    }

    func finding(_ id: String, _ severity: Finding.Severity, _ message: String, _ option: String) -> Finding {
        Finding(id: id, severity: severity, subject: subject, message: message, command: command(option))
    }
}
