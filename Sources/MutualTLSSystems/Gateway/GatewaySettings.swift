/// The configuration of a gateway for the IAM service that it calls, in the words of its documentation.
public struct GatewaySettings: Sendable {
    /// Where the IAM service is.
    public struct AuthLocation: Sendable, Hashable {
        /// A host name or an address, which the service's certificate must be valid for.
        public var serverOrDNS: String
        /// The port.
        public var port: Int

        /// A location.
        public init(serverOrDNS: String, port: Int) {
            self.serverOrDNS = serverOrDNS
            self.port = port
        }
    }

    /// How messages are authenticated beside TLS.
    public struct HMAC: Sendable {
        /// Whether requests are signed.
        public var enableHmac: Bool
        /// Under which name the service knows the secret.
        public var clientId: String
        /// The secret, which both sides hold.
        public var sharedSecret: String

        /// Settings of message authentication.
        public init(enableHmac: Bool, clientId: String, sharedSecret: String) {
            self.enableHmac = enableHmac
            self.clientId = clientId
            self.sharedSecret = sharedSecret
        }
    }

    /// Mutual TLS towards the service.
    public struct SSL: Sendable, Hashable {
        /// Whether requests are made with the certificate.
        public var enableSSL: Bool
        /// The folder that the other paths are relative to.
        public var mainDirPath: String?
        /// The file of the certificate authorities that the service is verified against.
        public var rootCertsPath: String?
        /// The file of the client certificate, with its intermediates after it.
        public var clientCertsPath: String?
        /// The file of the client's private key.
        public var clientKeyPath: String?

        /// Settings of mutual TLS; a path that is nil or empty is missing.
        public init(
            enableSSL: Bool,
            mainDirPath: String? = nil,
            rootCertsPath: String? = nil,
            clientCertsPath: String? = nil,
            clientKeyPath: String? = nil
        ) {
            self.enableSSL = enableSSL
            self.mainDirPath = mainDirPath
            self.rootCertsPath = rootCertsPath
            self.clientCertsPath = clientCertsPath
            self.clientKeyPath = clientKeyPath
        }

        /// The three files, or nil when SSL is off or a path is missing.
        var files: GatewayCredentialFiles? {
            guard enableSSL, let folder = mainDirPath, let roots = rootCertsPath, let certificate = clientCertsPath,
                let key = clientKeyPath, ![folder, roots, certificate, key].contains("")
            else { return nil }
            return GatewayCredentialFiles(
                roots: "\(folder)/\(roots)",
                certificate: "\(folder)/\(certificate)",
                privateKey: "\(folder)/\(key)"
            )
        }
    }

    /// Where the service is.
    public var authLocation: AuthLocation
    /// Message authentication.
    public var hmac: HMAC
    /// Mutual TLS.
    public var ssl: SSL

    /// Settings of a gateway.
    public init(authLocation: AuthLocation, hmac: HMAC, ssl: SSL) {
        self.authLocation = authLocation
        self.hmac = hmac
        self.ssl = ssl
    }
}

extension GatewaySettings.HMAC: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client's name; never the secret.
    public var description: String { "HMAC of \(clientId), \(enableHmac ? "on" : "off")" }
    /// The same as the description.
    public var debugDescription: String { description }
    /// Without the secret, so that no dump shows it.
    public var customMirror: Mirror { Mirror(self, children: ["enableHmac": enableHmac, "clientId": clientId]) }
}

/// The paths of a gateway's credentials.
struct GatewayCredentialFiles: Sendable, Hashable {
    let roots: String
    let certificate: String
    let privateKey: String
}
