/// The part of a NATS configuration that says where and with whom: of a server, or of a client in the same syntax.
///
/// Other keys of the top level are passed over, because a NATS server has many that say nothing about connections. The
/// `tls` block has no keys that it doesn't know.
public struct NATSConfiguration: Sendable, Hashable {
    /// Where a server listens, as `listen`, or as `host` and `port`.
    public var host = "0.0.0.0"
    /// The port that a server listens on; 0 or -1 is any free one.
    public var port = 4222
    /// The URLs of the servers that a client connects to.
    public var servers: [String] = []
    /// The `tls` block, or nil without one.
    public var tls: NATSTLSBlock?

    /// Reads a configuration.
    ///
    /// - Throws: ``MutualTLSSystemsError`` with the line, for text that isn't of the syntax, a value of another kind,
    ///   and a key that the `tls` block doesn't have.
    public init(parsing text: String) throws(MutualTLSSystemsError) {
        for entry in try NATSConfigurationParser.parse(text) {
            switch entry.key.lowercased() {
            case "listen": try listen(entry)
            case "host", "net": host = try entry.string()
            case "port": port = try entry.port()
            case "servers": servers = try entry.strings()
            case "tls": tls = try NATSTLSBlock(entry.value)
            default: break
            }
        }
    }

    private mutating func listen(_ entry: NATSConfigurationEntry) throws(MutualTLSSystemsError) {
        if case .integer = entry.value.content {
            port = try entry.port()
            return
        }
        let text = try entry.string()
        guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]),
            (-1...65_535).contains(number)
        else { throw entry.unexpected("HOST:PORT") }
        let name = text[..<colon].filter { $0 != "[" && $0 != "]" }
        if !name.isEmpty { host = String(name) }
        port = max(0, number)
    }
}

extension NATSConfigurationEntry {
    fileprivate func port() throws(MutualTLSSystemsError) -> Int {
        guard case .integer(let number) = value.content, (-1...65_535).contains(number) else {
            throw unexpected("a port")
        }
        return max(0, Int(number))
    }
}
