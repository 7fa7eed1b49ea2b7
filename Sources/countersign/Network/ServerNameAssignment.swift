internal import Campaign

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
