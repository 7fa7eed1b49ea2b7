/// A server's name in the forms that programs take it in, which have one option for host names and another for addresses.
extension ClientSettings {
    /// The expected address without the brackets of URLs; nil for a host name.
    package var serverAddress: String? {
        guard let serverName else { return nil }
        var text = serverName[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return IPAddress(String(text)) == nil ? nil : String(text)
    }

    /// The expected host name; nil for an address, and without a name.
    package var serverHostName: String? {
        guard let serverName, !serverName.isEmpty, serverAddress == nil else { return nil }
        return serverName
    }
}
