internal import MutualTLS

/// The connections of one run: the first one, and those that resume it.
struct ShimSession {
    let initial: ShimFlags
    let resumed: ShimFlags
    let clock: @Sendable () -> Timestamp
    /// Opens the transport of the next connection.
    let connect: (ShimFlags) throws(ShimFailure) -> any RunnerTransport

    /// Plays them one after the other, and stops at the first that fails.
    func play() throws(ShimFailure) {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var endpoint: ShimEndpoint?
        for number in 0...initial.resumeCount {
            let flags = number == 0 ? initial : resumed
            let next: ShimEndpoint
            let connection: Connection
            do {
                next = try ShimEndpoint(flags, ticketKeys: .shared(secret: secret), after: endpoint, clock: clock)
                connection = try next.makeConnection()
            } catch {
                throw ShimFailure("\(error)")
            }
            endpoint = next
            try ShimConnection(
                flags: flags,
                isResumption: number > 0,
                connection: connection,
                transport: try connect(flags)
            ).play()
        }
    }
}

/// Why a test failed on the shim's side: the sentence that the runner reads.
struct ShimFailure: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
