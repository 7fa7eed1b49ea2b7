/// What a session takes from its server or client at one moment and keeps to its end.
struct Snapshot {
    /// What is presented, and on servers the CA names.
    let credentials: CertificateCredentials
    /// The anchors and CRLs that the verify function uses; often the same object.
    let trust: CertificateCredentials
    /// Client: the name that the server's certificate must have.
    var peerName: PeerName?
}
