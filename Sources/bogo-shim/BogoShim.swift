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
