public import MutualTLS

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
