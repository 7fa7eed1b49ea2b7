internal import Glibc
internal import MutualTLS

/// The program that BoringSSL's test runner drives; see docs/bogo.md.
@main
enum BogoShim {
    static func main() {
        let status = run(Array(CommandLine.arguments.dropFirst())) { message in
            // The runner looks on standard error for what it expects.
            let line = Array("bogo-shim: \(message)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        exit(status.rawValue)
    }

    /// Does what the arguments say, and complains in a sentence when that fails.
    static func run(_ arguments: [String], complain: (String) -> Void) -> ShimStatus {
        do throws(FlagError) {
            switch try ShimCommand(arguments: arguments) {
            case .tellHandshakerSupport:
                print("No")
                return .success
            case .connect(let initial, let resumed):
                return play(initial, resumed, complain)
            }
        } catch {
            complain("\(error)")
            return switch error {
            case .unimplemented: .unimplemented
            case .malformed: .usage
            }
        }
    }

    private static func play(_ initial: ShimFlags, _ resumed: ShimFlags, _ complain: (String) -> Void) -> ShimStatus {
        do throws(ShimFailure) {
            try ShimSession(
                initial: initial,
                resumed: resumed,
                clock: { Timestamp(secondsSinceEpoch: Int64(time(nil))) },
                connect: { flags throws(ShimFailure) in
                    try RunnerSocket(port: flags.port, usesIPv6: flags.usesIPv6, shimID: flags.shimID)
                }
            ).play()
            return .success
        } catch {
            complain(error.message)
            return .failure
        }
    }
}

/// How the program ends (PORTING.md of BoringSSL's ssl/test).
enum ShimStatus: Int32 {
    case success = 0
    case failure = 1
    case usage = 2
    case unimplemented = 89
}

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
