internal import ConformanceModel

/// The line that says where `serve` listens.
struct ListeningLine: Encodable, CustomStringConvertible {
    let event = "listening"
    var host: String
    var port: Int

    private enum CodingKeys: CodingKey {
        case event, port
    }

    var description: String { "listening on \(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

/// The line that says what became of a look at changed files.
struct ReloadLine: Encodable, CustomStringConvertible {
    let event = "reload"
    var files: [String]
    /// The certificate that new connections are served with.
    var served: ConnectionReport.Served
    /// Why the last good identity stays, or nil when the files are in use.
    var reason: String?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event, forKey: .event)
        try container.encode(files, forKey: .files)
        try container.encode(served, forKey: .served)
        try container.encode(reason, forKey: .reason)
    }

    private enum CodingKeys: CodingKey {
        case event, files, served, reason
    }

    var description: String {
        reason.map { "kept the last good identity: \(SingleLine.of($0))" }
            ?? "reloaded \(files.joined(separator: ", ")): serving \(served.sha256)"
    }
}
