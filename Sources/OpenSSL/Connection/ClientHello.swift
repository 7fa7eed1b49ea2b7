internal import COpenSSL

/// What a server's policy depends on in a ClientHello.
package struct ClientHello: Sendable, Hashable {
    /// The host name of the server_name extension as it was sent (RFC 6066 section 3), or nil without one.
    package let serverName: String?

    package init(serverName: String?) {
        self.serverName = serverName
    }

    init(of ssl: OpaquePointer?) {
        var bytes: UnsafePointer<UInt8>?
        var length = 0
        guard SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_server_name), &bytes, &length) == 1, let bytes else {
            serverName = nil
            return
        }
        serverName = ClientHello.hostName(in: UnsafeBufferPointer(start: bytes, count: length))
    }

    /// Reads the first host_name of a ServerNameList; libssl itself refuses a malformed one after the callback.
    static func hostName(in list: UnsafeBufferPointer<UInt8>) -> String? {
        guard list.count >= 5, list[2] == UInt8(TLSEXT_NAMETYPE_host_name) else { return nil }
        let listLength = Int(list[0]) << 8 | Int(list[1])
        let nameLength = Int(list[3]) << 8 | Int(list[4])
        guard listLength == list.count - 2, nameLength > 0, nameLength <= list.count - 5 else { return nil }
        return String(decoding: list[5..<(5 + nameLength)], as: UTF8.self)
    }
}
