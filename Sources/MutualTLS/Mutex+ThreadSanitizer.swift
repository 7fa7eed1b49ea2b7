#if THREAD_SANITIZER
internal import OpenSSL

/// Chosen over Synchronization's, which is imported beside it: the one of the sanitizer's builds.
///
/// An alias would not do, since its methods would be members of a module that most files don't import.
final class Mutex<Value: ~Copyable>: Sendable {
    private let sanitized: SanitizedMutex<Value>

    init(_ initialValue: consuming sending Value) {
        sanitized = SanitizedMutex(initialValue)
    }

    func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try sanitized.withLock(body)
    }
}
#endif
