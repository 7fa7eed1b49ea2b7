internal import COpenSSL

/// What protects a server's session tickets for a while, in the form that RFC 5077 section 4 recommends: a name that
/// travels with the ticket, a key for AES-256-CBC, and one for HMAC-SHA-256.
///
/// The bytes are wiped when the last owner lets go, and are never described.
package final class SessionTicketKey: @unchecked Sendable {
    // Safety: written in init and wiped in deinit, read only in between.
    private let bytes: UnsafeMutableRawBufferPointer

    /// The length of the name, which libssl fixes.
    package static let nameLength = 16
    /// How many bytes a key is made from: name, cipher key, MAC key.
    package static let materialLength = nameLength + 32 + 32

    /// Takes the three parts from `material`; it must have ``materialLength`` bytes.
    package init(material: [UInt8]) {
        precondition(material.count == Self.materialLength, "a ticket key is made from \(Self.materialLength) bytes")
        bytes = .allocate(byteCount: Self.materialLength, alignment: 16)
        bytes.copyBytes(from: material)
    }

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// The name, which tells nothing of the keys.
    package var name: [UInt8] { [UInt8](bytes.prefix(Self.nameLength)) }

    /// Starts the protection of a new ticket, or fails with false.
    func seal(iv: UnsafePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?) -> Bool {
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, cipherKey, iv) == 1 && start(mac)
    }

    /// Starts the opening of a ticket that came back, or fails with false.
    func open(iv: UnsafePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?) -> Bool {
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, cipherKey, iv) == 1 && start(mac)
    }

    private func start(_ mac: OpaquePointer?) -> Bool {
        var digest = Array("SHA256".utf8CString)
        return digest.withUnsafeMutableBufferPointer { digest in
            let parameters = [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.baseAddress, 0),
                OSSL_PARAM_construct_end(),
            ]
            return EVP_MAC_init(mac, macKey, 32, parameters) == 1
        }
    }

    private var cipherKey: UnsafePointer<UInt8>? { part(at: Self.nameLength) }
    private var macKey: UnsafePointer<UInt8>? { part(at: Self.nameLength + 32) }

    private func part(at offset: Int) -> UnsafePointer<UInt8>? {
        bytes.baseAddress.map { UnsafePointer(($0 + offset).assumingMemoryBound(to: UInt8.self)) }
    }
}
