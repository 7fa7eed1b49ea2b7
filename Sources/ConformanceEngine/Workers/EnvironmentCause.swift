internal import ConformanceModel
internal import Glibc

/// The causes outside of both stacks and of the harness for which a case is played again.
///
/// Nothing else is: a wrong verdict, a crash or a deadline is a result, however seldom it comes.
enum EnvironmentCause {
    /// A worker that the kernel or an operator ended.
    static let kill = "the worker that played it was killed from outside (SIGKILL)"

    /// What the system lacked, when the harness failed for that.
    static func of(_ outcome: PlayOutcome) -> String? {
        guard case .errored(let reason) = outcome else { return nil }
        return codes.map { String(cString: strerror($0)) }.contains(where: reason.contains) ? reason : nil
    }

    /// An address in use, and no descriptor left in the process or in the system.
    private static let codes = [EADDRINUSE, EMFILE, ENFILE]
}
