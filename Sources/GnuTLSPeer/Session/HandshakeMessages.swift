/// The facts that the report needs from plain handshake messages and GnuTLS does not hand out.
enum HandshakeMessages {
    /// The host_name of a ClientHello's server_name extension (RFC 6066 section 3), whatever its bytes.
    static func serverName(inClientHello body: [UInt8]) -> String? {
        var hello = ByteReader(body)
        guard hello.take(2 + 32) != nil,  // legacy_version, random
            hello.vector(1) != nil,  // legacy_session_id
            hello.vector(2) != nil,  // cipher_suites
            hello.vector(1) != nil,  // legacy_compression_methods
            let content = `extension`(0, in: hello.vector(2))
        else { return nil }
        var reader = content
        guard var list = reader.vector(2) else { return nil }
        while let type = list.number(1), let name = list.vector(2) {
            if type == 0 { return String(decoding: name.rest, as: UTF8.self) }
        }
        return nil
    }

    /// The names in a CertificateRequest, each as raw DER; nil if the message cannot be read.
    static func certificateAuthorities(inCertificateRequest body: [UInt8], isTLS13: Bool) -> [[UInt8]]? {
        var request = ByteReader(body)
        guard request.vector(1) != nil else { return nil }  // 1.3: certificate_request_context, 1.2: certificate_types
        var names: ByteReader?
        if isTLS13 {
            // RFC 8446 section 4.2.4; a request without the extension has no names.
            guard var content = `extension`(47, in: request.vector(2)) else { return [] }
            names = content.vector(2)
        } else {
            guard request.vector(2) != nil else { return nil }  // supported_signature_algorithms
            names = request.vector(2)
        }
        guard var names else { return nil }
        var result: [[UInt8]] = []
        while let name = names.vector(2) { result.append(name.rest) }
        return result
    }

    private static func `extension`(_ wanted: Int, in extensions: ByteReader?) -> ByteReader? {
        guard var extensions else { return nil }
        while let type = extensions.number(2), let content = extensions.vector(2) {
            if type == wanted { return content }
        }
        return nil
    }
}

/// Reads TLS's length-prefixed vectors (RFC 8446 section 3.4) from bytes that may be anything.
struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var isEmpty: Bool { bytes.isEmpty }
    var rest: [UInt8] { Array(bytes) }

    /// The next bytes, or nil if there are fewer.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    /// A big-endian number of this many bytes.
    mutating func number(_ width: Int) -> Int? {
        take(width)?.reduce(0) { $0 << 8 | Int($1) }
    }

    /// A vector whose length is a number of this many bytes.
    mutating func vector(_ width: Int) -> ByteReader? {
        guard let count = number(width), let content = take(count) else { return nil }
        return ByteReader(content)
    }
}
