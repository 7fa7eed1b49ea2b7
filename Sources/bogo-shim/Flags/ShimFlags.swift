import MutualTLS

/// What the runner asks of one connection; the words are those of its flags, without the dash.
struct ShimFlags: Equatable {
    var port: UInt16 = 0
    var shimID: UInt64?
    var usesIPv6 = false
    var isServer = false
    var resumeCount = 0

    var keyFile: String?
    var certFile: String?
    var trustCert: String?
    var hostName: String?
    var clientCANames: ClientCANames?
    var requiresAnyClientCertificate = false
    var verifiesPeer = false
    var verifyFails = false
    var hasNoTicket = false
    var minimumVersion = TLSVersion.tls12
    var maximumVersion = TLSVersion.tls13

    var shimWritesFirst = false
    var shimShutsDown = false
    var checksCloseNotify = false
    var writesDifferentRecordSizes = false
    /// How many of the peer's bytes the engine is handed at a time; nil hands over all that came.
    var pieceSize: Int?

    var expectsSessionMiss = false
    var expectsVerifyResult = false
    var expectedPeerCertFile: String?
    var expectedServerName: String?
    var expectedClientCANames: [DistinguishedName]?
    var expectedVersion: TLSVersion?
}

/// The names that a server announces.
enum ClientCANames: Equatable {
    case none
    case names([DistinguishedName])
}
