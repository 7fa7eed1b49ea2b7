internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

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
