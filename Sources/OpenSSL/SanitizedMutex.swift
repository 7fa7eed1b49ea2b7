#if THREAD_SANITIZER
internal import Glibc

/// Takes the place of Synchronization's mutex in builds for the thread sanitizer, and is used in no other.
///
/// Synchronization takes its locks in a library that the sanitizer doesn't look into, so everything that they guard
/// would be reported as a race. The locks of pthread are known to it.
package final class SanitizedMutex<Value: ~Copyable>: @unchecked Sendable {
    // Safety: the value is touched between lock and unlock alone.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    package init(_ initialValue: consuming sending Value) {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        value = .allocate(capacity: 1)
        value.initialize(to: initialValue)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        nonisolated(unsafe) let value = value
        return try body(&value.pointee)
    }
}

/// Chosen over Synchronization's, which is imported beside it.
typealias Mutex = SanitizedMutex
#endif
