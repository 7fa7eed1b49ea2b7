internal import Logging
public import MutualTLS
internal import Synchronization

/// Holds what files say, and the last good of it while they can't be used.
///
/// ``run(every:currentTime:clock:)`` looks at the files when they change, and from time to time. Without it there is no timer
/// and no clock: ``check(at:)`` looks at the files when it is called, by a signal handler or a schedule. Files are compared by what they hold, never by their times. New content is in use only when
/// all of it is good together, so that a certificate and a key that are replaced one after the other never meet the
/// wrong half. Otherwise the last good value stays, for whatever time; ``status`` says why, and each distinct reason
/// is logged once.
///
/// ```swift
/// let files = IdentityFiles(certificate: "/etc/tls/tls.crt", privateKey: "/etc/tls/tls.key")
/// let reloader = try IdentityReloader(files, at: clock(), logger: logger)
/// var settings = MutualTLSConfiguration.Server(identity: reloader, currentTime: clock)
/// …
/// let running = Task { await reloader.run() }
/// ```
///
/// It may be shared between threads. Whoever asks for the value never waits for a check.
public final class FileReloader<Value: Sendable>: Sendable {
    private struct Shared: Sendable {
        var state: ReloadState<Value>
        var users: [@Sendable (Value) -> Void] = []
        var observers: [Int: AsyncStream<ReloadStatus<Value>>.Continuation] = [:]
        var nextObserver = 0
        /// The days to expiry that the log has told last.
        var toldDays: Int?
    }

    /// The files and folders that are looked at.
    public let paths: [String]

    private let subject: String
    private let logger: Logger?
    private let read: @Sendable () throws(MutualTLSFilesError) -> Reading<Value>
    /// Held through a whole check, file reading included, so that an older reading never replaces a newer one.
    /// Nobody waits for it but other checks.
    private let checking = Mutex(())
    private let shared: Mutex<Shared>

    /// Reads for the first time, when there is no last good value to keep: an error is thrown.
    init(
        _ subject: String,
        paths: [String],
        at now: Timestamp,
        logger: Logger?,
        isSame: @escaping @Sendable (Value, Value) -> Bool,
        read: @escaping @Sendable () throws(MutualTLSFilesError) -> Reading<Value>
    ) throws(MutualTLSFilesError) {
        let reading = try read()
        self.subject = subject
        self.paths = paths
        self.logger = logger
        self.read = read
        shared = Mutex(Shared(state: ReloadState(reading, at: now, isSame: isSame)))
        for warning in reading.warnings { logger?.warning("\(warning)") }
    }

    deinit {
        shared.withLock { Array($0.observers.values) }.forEach { $0.finish() }
    }

    /// The last good value.
    public var value: Value { status.value }
    /// Whether the value is what the files say, and if not, why and since when.
    public var status: ReloadStatus<Value> { shared.withLock { $0.state.status } }
    /// Warnings about the files that the value comes from.
    public var warnings: [FileWarning] { shared.withLock { $0.state.warnings } }

    /// Looks at the files, takes over what they say if all of it is good, and tells whom it concerns.
    ///
    /// `now` is the time that ``status`` reports. It never throws: a reason to keep the last good value is an outcome.
    @discardableResult
    public func check(at now: Timestamp) -> CheckOutcome<Value> {
        checking.withLock { _ in
            let result = reading()
            let (step, told) = shared.withLock { ($0.state.take(result, at: now), $0) }
            log(step)
            if case .updated(let value) = step.outcome {
                for user in told.users { user(value) }
            }
            if step.isNews {
                for observer in told.observers.values { observer.yield(told.state.status) }
            }
            return step.outcome
        }
    }

    /// Every status from now on that differs from the one before it.
    ///
    /// Each has the last good value, so an observer that is slow loses nothing: it gets the newest one. The stream
    /// ends with the reloader, or with the task that reads it.
    public func statuses() -> AsyncStream<ReloadStatus<Value>> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReloadStatus<Value>.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = shared.withLock { shared in
            shared.nextObserver += 1
            shared.observers[shared.nextObserver] = continuation
            return shared.nextObserver
        }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { $0.observers[number] = nil }
        }
        return stream
    }

    /// Hands over the value now and with each update, in the order of the updates.
    func keepUpdated(_ user: @escaping @Sendable (Value) -> Void) {
        checking.withLock { _ in
            user(value)
            shared.withLock { $0.users.append(user) }
        }
    }

    /// Says in the log how many days an identity has left, once for each number of days, from 30 on.
    func warnOfExpiry(at now: Timestamp) {
        guard let identity = value as? Identity else { return }
        let days = identity.daysToExpiry(at: now)
        let isNews = shared.withLock { shared in
            defer { shared.toldDays = days }
            return shared.toldDays != days
        }
        guard isNews, days <= 30 else { return }
        let left = days < 0 ? "has expired" : days == 1 ? "expires in 1 day" : "expires in \(days) days"
        logger?.warning("\(identity.certificate) \(left)", metadata: ["days": "\(days)"])
    }

    private func reading() -> Result<Reading<Value>, MutualTLSFilesError> {
        do {
            return .success(try read())
        } catch {
            return .failure(error)
        }
    }

    private func log(_ step: ReloadState<Value>.Step) {
        let files: Logger.Metadata = ["files": .array(paths.map { .string(MutualTLSFilesError.printable($0)) })]
        for warning in step.newWarnings { logger?.warning("\(warning)") }
        switch step.outcome {
        case .unchanged: break
        case .updated: logger?.info("\(subject) reloaded", metadata: files)
        case .restored: logger?.info("files are good again, \(subject) unchanged", metadata: files)
        case .kept(let reason):
            guard step.isNewReason else { return }
            logger?.warning("keeping the last good \(subject): \(reason)", metadata: files)
        }
    }
}

/// The result of a check by a ``FileReloader``.
public enum CheckOutcome<Value: Sendable>: Sendable {
    /// The files say what they said.
    case unchanged
    /// The files say something new, and it is in use now.
    case updated(Value)
    /// The files can be used again, and say what they said before they could not.
    case restored
    /// The files can't be used, and the last good value stays.
    case kept(MutualTLSFilesError)
}

extension FileReloader {
    /// Looks at the files whenever something changes in their folders, and in any case after each interval, until the
    /// task is cancelled.
    ///
    /// ```swift
    /// let reloader = try IdentityReloader(files, at: SystemClock.now(), logger: logger)
    /// reloader.keepUpdated(manager)
    /// let running = Task { await reloader.run() }
    /// ```
    ///
    /// The last good value stays in use while files can't be used, and the log says why, once for each reason. For an
    /// identity the log also says once a day how many days are left, from 30 on.
    ///
    /// - Parameters:
    ///   - interval: How often the files are looked at without a sign of a change: for changes behind symbolic links,
    ///     and on network file systems, which tell of none.
    ///   - currentTime: The time that ``status`` reports, and that expiry is judged at.
    ///   - clock: What the intervals are measured by.
    public func run(
        every interval: Duration = .seconds(60),
        currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now,
        clock: any Clock<Duration> = ContinuousClock()
    ) async {
        await ReloadMoments.run(paths, every: interval, settle: .milliseconds(100), clock: clock) { [weak self] in
            guard let self else { return }
            let now = currentTime()
            self.check(at: now)
            self.warnOfExpiry(at: now)
        }
    }
}

extension Identity {
    /// How many whole days the certificate is still valid, the one of the chain that expires first; negative after that.
    public func daysToExpiry(at now: Timestamp) -> Int {
        let end = chain.map(\.notAfter.secondsSinceEpoch).min() ?? .min
        let (seconds, overflows) = end.subtractingReportingOverflow(now.secondsSinceEpoch)
        let day: Int64 = 86_400
        guard !overflows else { return end < now.secondsSinceEpoch ? .min : .max }
        return Int(seconds >= 0 ? seconds / day : (seconds - day + 1) / day)
    }
}
