internal import CGnuTLS

extension CertificateHandle {
    /// Reads a list that GnuTLS hands out by index into a buffer, until it says that there is no such element.
    ///
    /// The call gets the index, a buffer, its size, and a flag for "critical", and returns a type or 0, or an error below
    /// zero. A buffer that is too small is reported with the size that is needed.
    static func elements<Element>(
        _ operation: String,
        _ call: (UInt32, UnsafeMutableRawPointer, inout Int, inout UInt32) -> Int32,
        _ element: (_ bytes: [UInt8], _ isCritical: Bool, _ type: Int32) -> Element
    ) throws(GnuTLSError) -> [Element] {
        var result: [Element] = []
        while true {
            var buffer = [UInt8](repeating: 0, count: 1024)
            var size = buffer.count
            var critical: UInt32 = 0
            var code = buffer.withUnsafeMutableBytes { call(UInt32(result.count), $0.baseAddress!, &size, &critical) }
            if code == GNUTLS_E_SHORT_MEMORY_BUFFER {
                buffer = [UInt8](repeating: 0, count: size)
                code = buffer.withUnsafeMutableBytes { call(UInt32(result.count), $0.baseAddress!, &size, &critical) }
            }
            if code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return result }
            try GnuTLSError.check(code, operation)
            result.append(element(Array(buffer.prefix(size)), critical != 0, code))
        }
    }

    /// Text that GnuTLS wrote into a buffer: with its terminating zero in some calls, without it in others.
    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
