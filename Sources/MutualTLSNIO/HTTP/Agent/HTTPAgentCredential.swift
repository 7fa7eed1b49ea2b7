internal import MutualTLS

/// What a connection is made with, at one moment: whom it presents, and whom it trusts.
///
/// Two are equal when they present the same chain and trust the same roots, so that a connection is lent only to
/// requests that would make an equal one.
struct HTTPAgentCredential: Sendable, Hashable {
    let identity: Identity?
    let rootCAs: CertificatePool

    static func == (left: HTTPAgentCredential, right: HTTPAgentCredential) -> Bool {
        left.identity?.chain == right.identity?.chain && left.rootCAs == right.rootCAs
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(identity?.certificate)
        hasher.combine(rootCAs)
    }
}
