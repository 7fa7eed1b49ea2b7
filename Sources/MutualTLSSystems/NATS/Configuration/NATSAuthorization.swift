internal import MutualTLS

/// The `authorization` block of a NATS server's configuration: its users, and what each may publish and subscribe to.
struct NATSAuthorization: Sendable, Hashable {
    struct User: Sendable, Hashable {
        var name: String
        var password: String?
        var permissions: NATSPermissions?
    }

    var users: [User] = []
    var token: String?
    /// Keys that decide who gets in, and that this server has nothing for. It doesn't start with them.
    var unsupported: [String] = []

    /// Reads the block. What it can't be told by is an error; what only nats-server can do is kept under
    /// ``unsupported``, so that a configuration can be looked at without being served.
    init(_ value: NATSConfigurationValue) throws(MutualTLSSystemsError) {
        var single = User(name: "")
        var defaults: NATSPermissions?
        for entry in try value.entries(of: "authorization") {
            switch entry.key.lowercased() {
            case "user", "username": single.name = try entry.string()
            case "pass", "password": single.password = try entry.string()
            case "token": token = try entry.string()
            case "timeout": break
            case "default_permissions", "default_permission": defaults = try NATSPermissions(entry.value)
            case "users": users = try readUsers(entry)
            default: unsupported.append("\(entry.key) of authorization")
            }
        }
        if !single.name.isEmpty { users.append(single) }
        for index in users.indices where users[index].permissions == nil { users[index].permissions = defaults }
        for secret in [token] + users.map(\.password) where secret?.hasPrefix("$2") == true {
            unsupported.append("a password or token that was hashed with bcrypt")
            break
        }
    }

    private mutating func readUsers(_ entry: NATSConfigurationEntry) throws(MutualTLSSystemsError) -> [User] {
        guard case .array(let elements) = entry.value.content else { throw entry.unexpected("an array of users") }
        var users: [User] = []
        for element in elements {
            var user = User(name: "")
            for entry in try element.entries(of: "a user") {
                switch entry.key.lowercased() {
                case "user", "username": user.name = try entry.string()
                case "pass", "password": user.password = try entry.string()
                case "permission", "permissions", "authorization": user.permissions = try NATSPermissions(entry.value)
                default: unsupported.append("\(entry.key) of a user")
                }
            }
            users.append(user)
        }
        return users
    }

    /// The user of a verified certificate, by the first of its mailboxes, DNS names, URIs and its subject that is one.
    func user(of certificate: Certificate) -> User? {
        let names = certificate.emailAddresses + certificate.dnsNames + certificate.uris
        for name in names {
            if let user = users.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return user }
        }
        let subject = SubjectText(certificate.subject.text)
        return users.first { SubjectText($0.name).parts == subject.parts }
            ?? users.first { SubjectText($0.name).sortedParts == subject.sortedParts }
    }

    /// The user whose name and password, or token, a client gives.
    func user(_ connect: NATSConnectOptions) -> User? {
        if let token { return isSame(connect.token, token) ? User(name: "", permissions: nil) : nil }
        return users.first { user in
            user.name.utf8.elementsEqual((connect.user ?? "").utf8) && isSame(connect.password, user.password)
        }
    }

    /// Whether a client gives the secret, in a time that depends on its length alone.
    func isSame(_ given: String?, _ secret: String?) -> Bool {
        let given = Array((given ?? "").utf8)
        let secret = Array((secret ?? "").utf8)
        guard given.count == secret.count else { return false }
        return zip(given, secret).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension NATSAuthorization.User: CustomStringConvertible, CustomReflectable {
    /// The name; never the password.
    var description: String { name }
    /// Without the password, so that no dump shows it.
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension NATSAuthorization: CustomStringConvertible, CustomReflectable {
    /// The names of the users; no secret.
    var description: String { "authorization of \(users.map(\.name).joined(separator: "; "))" }
    /// Without secrets, so that no dump shows them.
    var customMirror: Mirror { Mirror(self, children: ["users": users]) }
}

/// A subject as text of RFC 4514, or as Go prints it, cut into its parts.
///
/// Types of attributes are compared without case, and values as bytes. Commas of values are escaped in both.
private struct SubjectText {
    let parts: [[UInt8]]

    var sortedParts: [[UInt8]] { parts.sorted { $0.lexicographicallyPrecedes($1) } }

    init(_ text: String) {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: ","), !isEscaped {
                parts.append(Self.normal(part))
                part = []
            } else {
                part.append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        self.parts = parts + [Self.normal(part)]
    }

    private static func normal(_ part: [UInt8]) -> [UInt8] {
        let trimmed = part.drop { $0 == 0x20 }
        guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { return Array(trimmed) }
        return Array(String(decoding: trimmed[..<equals], as: UTF8.self).uppercased().utf8) + Array(trimmed[equals...])
    }
}

extension NATSConfigurationValue {
    func entries(of name: String) throws(MutualTLSSystemsError) -> [NATSConfigurationEntry] {
        guard case .map(let entries) = content else {
            throw MutualTLSSystemsError(.invalidValue, line: line, "Expected a block for \(name), found \(kind).")
        }
        return entries
    }
}
