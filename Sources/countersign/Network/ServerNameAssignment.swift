internal import Campaign
internal import MutualTLS

/// One `--sni NAME=CERT,KEY`.
struct ServerNameAssignment: Hashable {
    var name: String
    var certificate: String
    var key: String

    init(parsing text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let files = halves.last.map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
        guard halves.count == 2, files.count == 2, !halves[0].isEmpty, files.allSatisfy({ !$0.isEmpty }) else {
            throw CommandError.usage(
                "--sni: expected NAME=CERT,KEY, found “\(text)”; for example a.example.test=a.crt,a.key"
            )
        }
        name = String(halves[0])
        certificate = String(files[0])
        key = String(files[1])
    }
}

/// One `--host NAME=CERT,KEY,MODE` or `--host NAME=CERT,KEY,MODE,CA`.
struct HostAssignment: Hashable {
    var name: String
    var certificate: String
    var key: String
    var clientAuth: ClientAuth
    var clientCA: String?

    init(parsing text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let parts =
            halves.last.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        guard halves.count == 2, (3...4).contains(parts.count), !halves[0].isEmpty, parts.allSatisfy({ !$0.isEmpty })
        else {
            throw CommandError.usage(
                "--host: expected NAME=CERT,KEY,MODE[,CA], found “\(text)”; for example "
                    + "admin.example.test=admin.crt,admin.key,RequireAndVerifyClientCert,admins.crt"
            )
        }
        guard let mode = ClientAuth(rawValue: parts[2]) else {
            let names = ClientAuth.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError.usage("--host \(halves[0]): expected one of \(names) as mode, found “\(parts[2])”")
        }
        guard parts.count == 4 || !mode.verifiesCertificate else {
            throw CommandError.usage(
                "--host \(halves[0]): \(mode.rawValue) verifies clients and needs authorities; add a file of them"
            )
        }
        name = String(halves[0])
        certificate = parts[0]
        key = parts[1]
        clientAuth = mode
        clientCA = parts.count == 4 ? parts[3] : nil
    }
}
