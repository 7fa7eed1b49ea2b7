internal import CGnuTLS
internal import Glibc

/// The time that GnuTLS sees on the current thread.
///
/// GnuTLS asks functions of the whole process for the time. Those installed here answer with a value that belongs to the
/// calling thread: a session sets it for the length of each call into GnuTLS and puts back what was there. GnuTLS has no
/// threads of its own and runs callbacks on its caller's, and such a call never suspends. So sessions with different
/// times neither meet on different threads nor when they take turns on one; and whoever sets nothing sees the
/// system's time.
enum ThreadClock {
    /// Makes GnuTLS ask here; the first call counts. It comes before anything that this target does with GnuTLS and the
    /// time, so that nothing reads GnuTLS's function pointers while they are set.
    static func install() throws(GnuTLSError) {
        try installed()
    }

    /// Throws if this GnuTLS takes the ages of tickets from the system's clock whatever it is told.
    static func requireTicketTime() throws(GnuTLSError) {
        let result = try installed().ticketTimeResult
        try GnuTLSError.check(result, "setting the clock for tickets, expected GnuTLS to export it")
    }

    /// Runs the body with this time, in seconds since 1970; nil is the system's.
    static func withTime<Result, Failure: Error>(
        _ time: Int64?,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let key else { return try body() }
        let before = pthread_getspecific(key)
        defer { pthread_setspecific(key, before) }
        guard var time else {
            pthread_setspecific(key, nil)
            return try body()
        }
        // Nothing asks GnuTLS for the time between the end of this closure, and with it of the pointer, and `defer`.
        return try withUnsafeMutablePointer(to: &time) { pointer throws(Failure) in
            pthread_setspecific(key, pointer)
            return try body()
        }
    }

    /// The value set on this thread; nil for the system's time.
    fileprivate static var time: Int64? {
        guard let key, let pointer = pthread_getspecific(key) else { return nil }
        return pointer.load(as: Int64.self)
    }

    private static var key: pthread_key_t? { installation?.key }

    @discardableResult
    private static func installed() throws(GnuTLSError) -> (key: pthread_key_t, ticketTimeResult: Int32) {
        guard let installation else {
            throw GnuTLSError(GNUTLS_E_MEMORY_ERROR, "reserving thread-specific storage")
        }
        return installation
    }

    private static let installation: (key: pthread_key_t, ticketTimeResult: Int32)? = {
        var key = pthread_key_t()
        guard pthread_key_create(&key, nil) == 0 else { return nil }
        gnutls_global_set_time_function(threadTime)
        return (key, CGnuTLS_global_set_gettime_function(threadTimespec))
    }()
}

private let threadTime: gnutls_time_func = { result in
    let time = ThreadClock.time.map { time_t($0) } ?? Glibc.time(nil)
    result?.pointee = time
    return time
}

private let threadTimespec: @convention(c) (UnsafeMutablePointer<timespec>?) -> Void = { result in
    if let time = ThreadClock.time {
        result?.pointee = timespec(tv_sec: time_t(time), tv_nsec: 0)
    } else if let result {
        clock_gettime(CLOCK_REALTIME, result)
    }
}
