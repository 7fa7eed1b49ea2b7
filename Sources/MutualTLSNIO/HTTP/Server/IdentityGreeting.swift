public import MutualTLS

/// Greets each client by the name that was verified.
public enum IdentityGreeting {
    /// `Hello, NAME! You are authenticated.` to a verified identity, by its common name.
    ///
    /// Whoever is anonymous, or sent a certificate that nobody verified, is called `unknown`, and not told that it
    /// was authenticated: a name in an unverified certificate is anybody's choice.
    public static func text(for peer: PeerIdentity?) -> String {
        peer.map { "Hello, \($0.displayName)! You are authenticated." }
            ?? "Hello, unknown! You are not authenticated."
    }

    /// Answers every request with the greeting, and 200 (OK).
    public static let handler: HTTPServer.Handler = { request in .text(text(for: request.peer)) }
}
