/// An address of the form HOST:PORT, where an IPv6 address may stand in brackets.
package struct HostAndPort: Hashable {
    package var host: String
    package var port: Int

    /// Takes the text before the last colon as host, as Go's Dial does.
    ///
    /// - Parameter option: What the text was given as, for messages.
    package init(parsing text: String, option: String, ports: ClosedRange<Int>) throws {
        guard let colon = text.lastIndex(of: ":") else {
            throw CommandError.usage(
                "\(option): expected HOST:PORT, found “\(text)” without a colon; add the port, as in 127.0.0.1:8443"
            )
        }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), ports.contains(port) else {
            throw CommandError.usage(
                "\(option): expected a port from \(ports.lowerBound) to \(ports.upperBound) after the last colon, "
                    + "found “\(digits)”"
            )
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host
        self.port = port
    }
}
